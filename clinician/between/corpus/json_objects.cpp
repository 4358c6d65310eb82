// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/json_objects.h"

#include <format>

namespace accalmie::between {
namespace {

class Cutter {
public:
    Cutter(std::string_view bytes, const std::string& file, std::size_t most, int deepest) : bytes_(bytes), file_(file), most_(most), deepest_(deepest) {}

    Result<std::vector<JsonPiece>> cut() {
        if (!next_is('[')) return wrong(line_, "the file is not an array of discussions", "it has to begin with [ and hold an object {...} for each");
        bool first = true;
        while (!next_is(']')) {
            if (!first && !next_is(',')) return wrong(line_, "a comma is missing between two objects, or the array never ends", "write [ {...}, {...} ]");
            first = false;
            skip_spaces();
            if (at_ >= bytes_.size() || bytes_[at_] != '{') return wrong(line_, "an object {...} has to stand here", "one for each discussion, and no comma after the last");
            if (pieces_.size() >= most_) return wrong(line_, std::format("more than {} discussions", most_), "split the file");
            if (auto object = take_object(); !object) return std::unexpected(std::move(object.error()));
        }
        skip_spaces();
        if (at_ < bytes_.size()) return wrong(line_, "something stands after the end of the array", "leave it away");
        return std::move(pieces_);
    }

private:
    std::unexpected<Error> wrong(int line, std::string message, std::string hint) const { return std::unexpected(Error{std::move(message), std::move(hint), file_, line}); }

    void step() { line_ += bytes_[at_++] == '\n'; }
    void skip_spaces() {
        while (at_ < bytes_.size() && std::string_view(" \t\r\n").contains(bytes_[at_])) step();
    }
    bool next_is(char c) {
        skip_spaces();
        if (at_ >= bytes_.size() || bytes_[at_] != c) return false;
        step();
        return true;
    }

    Result<void> take_object() {
        const std::size_t begin = at_;
        const int line = line_;
        int depth = 0;
        for (bool quoted = false; at_ < bytes_.size();) {
            const char c = bytes_[at_];
            step();
            if (quoted) {
                if (c == '\\' && at_ < bytes_.size()) step();
                else if (c == '"') quoted = false;
                continue;
            }
            if (c == '"') quoted = true;
            else if ((c == '{' || c == '[') && ++depth > deepest_) return wrong(line, "the object that begins here is nested too deep", "a discussion is a flat object: names and values");
            else if ((c == '}' || c == ']') && --depth == 0) {
                pieces_.push_back({line, bytes_.substr(begin, at_ - begin)});
                return {};
            }
        }
        return wrong(line, "the object that begins here never ends", "close it with }, and every text with a quotation mark");
    }

    std::string_view bytes_;
    const std::string& file_;
    std::size_t most_, at_ = 0;
    int deepest_, line_ = 1;
    std::vector<JsonPiece> pieces_;
};

}  // namespace

Result<std::vector<JsonPiece>> json_objects(std::string_view bytes, const std::string& file, std::size_t most_objects, int deepest) {
    return Cutter(bytes, file, most_objects, deepest).cut();
}

}  // namespace accalmie::between
