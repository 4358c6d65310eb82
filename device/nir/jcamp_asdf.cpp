// SPDX-License-Identifier: Apache-2.0
#include "device/nir/jcamp_asdf.h"

#include <cmath>
#include <format>

#include "device/nir/number.h"

namespace accalmie::nir {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The first digit and sign that a letter stands for, by its place in the alphabet of its kind.
struct Letter {
    int digit = -1;
    bool negative = false;
};
Letter squeezed(char c) {
    if (c == '@') return {0, false};
    if (c >= 'A' && c <= 'I') return {c - 'A' + 1, false};
    if (c >= 'a' && c <= 'i') return {c - 'a' + 1, true};
    return {};
}
Letter difference(char c) {
    if (c == '%') return {0, false};
    if (c >= 'J' && c <= 'R') return {c - 'J' + 1, false};
    if (c >= 'j' && c <= 'r') return {c - 'j' + 1, true};
    return {};
}
int duplicate(char c) {
    if (c >= 'S' && c <= 'Z') return c - 'S' + 1;
    return c == 's' ? 9 : -1;
}

// End of a plain number at `at`. An E is an exponent only before a sign: before a digit it is the squeezed digit 5.
std::size_t plain_end(std::string_view text, std::size_t at) {
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    while (at < text.size() && (is_digit(text[at]) || text[at] == '.')) ++at;
    const bool exponent = at + 2 < text.size() && (text[at] == 'E' || text[at] == 'e') && (text[at + 1] == '+' || text[at + 1] == '-') && is_digit(text[at + 2]);
    if (exponent) {
        at += 2;
        while (at < text.size() && is_digit(text[at])) ++at;
    }
    return at;
}

bool is_separator(char c) { return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r'; }

constexpr int most_digits = 15;  // every value stays exact in a double

}  // namespace

std::unexpected<Error> AsdfDecoder::refuse(std::string message, std::string hint, int column) const {
    return std::unexpected(Error{std::move(message), std::move(hint), file_, number_, column});
}

Result<AsdfDecoder::Token> AsdfDecoder::token(std::string_view text, std::size_t& at) const {
    const char c = text[at];
    const int column = static_cast<int>(at) + 1;
    Token token{Token::Kind::plain, 0, column};
    const Letter sqz = squeezed(c), dif = difference(c);
    const int dup = duplicate(c);
    if (sqz.digit < 0 && dif.digit < 0 && dup < 0) {
        if (c == '?') return refuse("a value is missing ('?')", "export the spectrum again without gaps", column);
        const auto end = plain_end(text, at);
        const auto value = parse_number(text.substr(at, end - at));
        if (!value) return refuse(std::format("'{}' is no value", to_utf8(text.substr(at, std::max<std::size_t>(end - at, 1)))), "the line is damaged: copy the file again", column);
        token.value = *value;
        at = end;
        return token;
    }
    double number = sqz.digit >= 0 ? sqz.digit : dif.digit >= 0 ? dif.digit : dup;
    int digits = 1;
    for (++at; at < text.size() && is_digit(text[at]); ++at, ++digits) number = number * 10 + (text[at] - '0');
    if (digits > most_digits) return refuse("a number has too many digits", "the line is damaged: copy the file again", column);
    token.kind = sqz.digit >= 0 ? Token::Kind::plain : dif.digit >= 0 ? Token::Kind::difference : Token::Kind::duplicate;
    token.value = sqz.negative || dif.negative ? -number : number;
    return token;
}

Result<void> AsdfDecoder::put(double value, const Token& token) {
    if (values_.size() >= expected_)
        return refuse(std::format("there are more values than NPOINTS={} says", expected_), "the file is damaged or NPOINTS is wrong", token.column);
    values_.push_back(value);
    return {};
}

Result<void> AsdfDecoder::check_first(double value, const Token& token) {
    if (value == values_.back()) return {};
    mismatch_ = true;
    mismatch_error_ = Error{std::format("the check value is {}, the line before ended at {}", value, values_.back()),
                            "the line before is damaged: copy the file again", file_, number_, token.column};
    return {};
}

Result<void> AsdfDecoder::line(std::string_view text, int number) {
    number_ = number;
    std::size_t at = 0;
    const auto skip = [&] { while (at < text.size() && is_separator(text[at])) ++at; };
    skip();
    if (at >= text.size()) return {};
    if (mismatch_) return std::unexpected(mismatch_error_);  // values follow, so it mattered

    const auto x_start = at;
    at = plain_end(text, at);
    const auto x_text = text.substr(x_start, at - x_start);
    const auto x = parse_number(x_text);
    if (!x) return refuse("the line does not start with its abscissa", "the line is damaged: copy the file again", static_cast<int>(x_start) + 1);
    const auto point = x_text.find('.');
    const double resolution = point == std::string_view::npos ? 1.0 : std::pow(10.0, -static_cast<double>(x_text.size() - point - 1));

    const bool check = checkpoint_due_;
    starts_.push_back({*x, resolution, check ? values_.size() - 1 : values_.size(), check, number});
    checkpoint_due_ = false;
    bool first = true, any = false;
    double last_difference = 0, previous = 0;
    bool in_difference = false;
    for (skip(); at < text.size(); skip()) {
        auto next = token(text, at);
        if (!next) return std::unexpected(std::move(next.error()));
        if (first && next->kind != Token::Kind::plain)
            return refuse("the line does not start with a value of its own", "the line is damaged: copy the file again", next->column);
        if (mismatch_) return std::unexpected(mismatch_error_);
        any = true;
        if (next->kind == Token::Kind::duplicate) {
            // A count of 1 repeats nothing. The first of the repeated values stands already.
            for (double left = next->value; left > 1; --left) {
                if (in_difference) previous += last_difference;
                if (auto done = put(previous, *next); !done) return done;
            }
            continue;
        }
        in_difference = next->kind == Token::Kind::difference;
        if (in_difference) last_difference = next->value;
        previous = in_difference ? previous + next->value : next->value;
        auto done = first && check ? check_first(previous, *next) : put(previous, *next);
        if (!done) return done;
        first = false;
    }
    if (!any) return refuse("the line has an abscissa but no value", "the line is damaged: copy the file again", static_cast<int>(x_start) + 1);
    checkpoint_due_ = in_difference;
    return {};
}

Result<void> AsdfDecoder::finish() {
    if (mismatch_) warnings_.push_back(device::describe(mismatch_error_));
    if (values_.size() != expected_)
        return refuse(std::format("NPOINTS says {} values, the block holds {}", expected_, values_.size()), "the file is cut short or damaged: copy it again", 0);
    return {};
}

}  // namespace accalmie::nir
