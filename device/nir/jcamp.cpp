// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <format>
#include <map>

#include "device/nir/jcamp_asdf.h"
#include "device/nir/number.h"
#include "device/nir/read.h"

namespace accalmie::nir {
namespace {

struct Entry {
    std::string label, value;
    int line = 0;
};

// Labels are compared without case, blanks, dashes, slashes and underscores (JCAMP-DX 4.24, 4.1).
std::string normal(std::string_view label) {
    std::string out;
    for (const char c : label)
        if (c != ' ' && c != '-' && c != '/' && c != '_' && c != '\t') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

struct Block {
    std::map<std::string, Entry> entries;
    int first_line = 0;
    int data_line = 0;                     // 0: no data yet
    bool pairs = false;                    // (XY..XY)
    std::vector<std::pair<int, std::string_view>> data;
};

class JcampReader {
public:
    JcampReader(std::string_view bytes, const std::string& name, const ReadLimits& limits) : bytes_(bytes), name_(name), limits_(limits) {}
    Result<SpectrumTable> read();

private:
    Result<void> take_label(std::string_view line, int number);
    Result<void> start_data(const Entry& entry);
    Result<void> finish_block();
    Result<Spectrum> spectrum();
    Result<std::vector<double>> decode_lines(std::size_t points, double x_factor, double first_x, double step);
    Result<void> decode_pairs(Spectrum& spectrum, double x_factor, double y_factor);
    Result<void> convert_axis(Spectrum& spectrum);
    void check_header(const Spectrum& spectrum);
    Result<double> number(const char* label, std::optional<double> otherwise = std::nullopt) const;
    std::unexpected<Error> refuse(std::string message, std::string hint, int line, int column = 1) const {
        return std::unexpected(Error{std::move(message), std::move(hint), name_, line, column});
    }
    std::string text(const char* label) const {
        const auto found = block_.entries.find(label);
        return found == block_.entries.end() ? std::string() : found->second.value;
    }

    std::string_view bytes_;
    const std::string& name_;
    ReadLimits limits_;
    Block block_;
    Entry* last_entry_ = nullptr;
    std::vector<Spectrum> spectra_;
    std::vector<int> first_lines_;
    std::vector<std::string> warnings_;
    std::string version_;
    bool open_ = false;
    std::size_t cells_ = 0;
};

std::string_view without_comment(std::string_view line) { return line.substr(0, line.find("$$")); }

Result<double> JcampReader::number(const char* label, std::optional<double> otherwise) const {
    const auto found = block_.entries.find(label);
    if (found == block_.entries.end()) {
        if (otherwise) return *otherwise;
        return refuse(std::format("##{}= is missing", label), "the format needs it: export the spectrum again", block_.data_line);
    }
    const auto value = parse_number(found->second.value);
    if (!value) return refuse(std::format("##{}= is '{}', not a number", label, found->second.value.substr(0, 40)), "correct the line", found->second.line);
    return *value;
}

Result<void> JcampReader::start_data(const Entry& entry) {
    std::string form;
    for (const char c : upper(entry.value))
        if (c != ' ') form += c;
    if (form != "(X++(Y..Y))" && form != "(XY..XY)")
        return refuse(std::format("data of the form '{}' cannot be read", entry.value.substr(0, 40)), "export as (X++(Y..Y)) or (XY..XY)", entry.line);
    if (block_.data_line != 0) return refuse("the block has data twice", "put each spectrum into a block of its own", entry.line);
    block_.data_line = entry.line;
    block_.pairs = form == "(XY..XY)";
    return {};
}

Result<void> JcampReader::take_label(std::string_view line, int number) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return refuse("a label has no '='", "write ##LABEL= VALUE", number);
    Entry entry{normal(line.substr(2, equals - 2)), to_utf8(trim(line.substr(equals + 1))), number};
    last_entry_ = nullptr;
    if (entry.label.empty()) return {};  // ##= is a comment
    if (entry.label == "TITLE") {
        if (block_.data_line != 0) return refuse("a new block starts before ##END=", "the file is cut short or damaged: copy it again", number);
        block_ = {};
        block_.first_line = number;
        open_ = true;
    }
    if (!open_) return refuse(std::format("##{}= stands before ##TITLE=", entry.label), "a JCAMP-DX file starts with ##TITLE=", number);
    if (entry.label == "END") return finish_block();
    if (entry.label == "NTUPLES" || entry.label == "DATATABLE" || (entry.label == "DATACLASS" && normal(entry.value) == "NTUPLES"))
        return refuse("NTUPLES data are not supported", "export one simple spectrum a block, as XYDATA", number);
    if (entry.label == "PEAKTABLE" || entry.label == "PEAKASSIGNMENTS")
        return refuse("this is a list of peaks, not a spectrum", "export the whole spectrum as XYDATA", number);
    if (entry.label == "JCAMPDX" && version_.empty()) version_ = entry.value.substr(0, std::min<std::size_t>(entry.value.find(' '), 8));
    if (entry.label == "XYDATA" || entry.label == "XYPOINTS") return start_data(entry);
    const auto label = entry.label;
    last_entry_ = &block_.entries.insert_or_assign(label, std::move(entry)).first->second;
    return {};
}

// The lines are decoded as they come, so a count in the header never asks for memory that the file does not fill.
Result<std::vector<double>> JcampReader::decode_lines(std::size_t points, double x_factor, double first_x, double step) {
    AsdfDecoder decoder(name_, points);
    for (const auto& [number, line] : block_.data)
        if (auto done = decoder.line(line, number); !done) return std::unexpected(std::move(done.error()));
    if (auto done = decoder.finish(); !done) {
        if (done.error().line == 0) done.error().line = block_.data_line;
        return std::unexpected(std::move(done.error()));
    }
    for (const auto& start : decoder.line_starts()) {
        const double expected = first_x + static_cast<double>(start.index) * step;
        const double tolerance = 0.75 * std::abs(step) + 0.5 * std::abs(start.x_resolution * x_factor);
        const double off = std::abs(start.x * x_factor - expected), off_next = std::abs(start.x * x_factor - expected - step);
        if (off > tolerance && !(start.repeats && off_next <= tolerance))
            return refuse(std::format("the line starts at {}, its values belong to {}", start.x * x_factor, expected),
                          "points are missing or doubled before this line: copy the file again", start.line);
    }
    for (const auto& warning : decoder.warnings()) warnings_.push_back(warning);
    return decoder.values();
}

Result<void> JcampReader::decode_pairs(Spectrum& spectrum, double x_factor, double y_factor) {
    std::vector<double> numbers;
    for (const auto& [line_number, line] : block_.data) {
        for (std::size_t at = 0; at < line.size();) {
            const auto start = line.find_first_not_of(" \t\r,;", at);
            if (start == std::string_view::npos) break;
            at = std::min(line.find_first_of(" \t\r,;", start), line.size());
            const auto value = parse_number(line.substr(start, at - start));
            if (!value)
                return refuse(std::format("'{}' is not a number", to_utf8(line.substr(start, std::min<std::size_t>(at - start, 40)))),
                              "the line is damaged: copy the file again", line_number, static_cast<int>(start) + 1);
            numbers.push_back(*value);
        }
    }
    if (numbers.size() % 2 != 0) return refuse("an abscissa has no ordinate", "the data are cut short: copy the file again", block_.data_line);
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
        spectrum.axis.values.push_back(numbers[i] * x_factor);
        spectrum.values.push_back(numbers[i + 1] * y_factor);
    }
    return {};
}

Result<void> JcampReader::convert_axis(Spectrum& spectrum) {
    const std::string units = normal(text("XUNITS"));
    auto& axis = spectrum.axis;
    double factor = 0;
    if (units == "NANOMETERS" || units == "NANOMETRES" || units == "NM") factor = 1;
    if (units == "MICROMETERS" || units == "MICROMETRES" || units == "MICRONS" || units == "UM") factor = 1000;
    const bool wavenumbers = units == "1CM" || units == "CM1" || units == "CM^1" || units == "WAVENUMBERS" || units == "WAVENUMBER";
    axis.unit = wavenumbers || factor > 0 ? AxisUnit::nanometre : AxisUnit::other;
    axis.label = axis.unit == AxisUnit::nanometre ? "nm" : text("XUNITS").empty() ? "no unit" : text("XUNITS");
    for (double& x : axis.values) {
        if (axis.unit == AxisUnit::nanometre && !(x > 0))
            return refuse(std::format("the abscissa {} has no wavelength", x), "cut the range above 0", block_.data_line);
        if (wavenumbers) x = 1e7 / x;
        if (factor > 0) x *= factor;
    }
    for (std::size_t i = 1; i < axis.values.size(); ++i)
        if (!((axis.values[1] > axis.values[0]) == (axis.values[i] > axis.values[i - 1]) && axis.values[i] != axis.values[i - 1]) || !std::isfinite(axis.values[i]))
            return refuse(std::format("the axis does not go on in one direction at point {}", i + 1), "put the points in order", block_.data_line);
    if (axis.unit == AxisUnit::nanometre && axis.values.size() > 1 && axis.values[1] < axis.values[0]) {
        std::ranges::reverse(axis.values);
        std::ranges::reverse(spectrum.values);
    }
    return {};
}

// A header that disagrees with the data is told, not refused: writers round these values in many ways.
void JcampReader::check_header(const Spectrum& spectrum) {
    const auto [low, high] = std::ranges::minmax(spectrum.values);
    const double tolerance = 1e-3 * std::max({std::abs(low), std::abs(high), 1e-12});
    const auto check = [&](const char* label, double found) {
        const auto entry = block_.entries.find(label);
        if (entry == block_.entries.end()) return;
        const auto told = parse_number(entry->second.value);
        if (told && std::abs(*told - found) > tolerance)
            warnings_.push_back(std::format("{}:{}: ##{}= says {}, the data say {}", name_, entry->second.line, label, *told, found));
    };
    check("FIRSTY", spectrum.values.front());
    check("MAXY", high);
    check("MINY", low);
}

Quantity quantity_of(const std::string& units) {
    const auto has = [&](const char* word) { return units.find(word) != std::string::npos; };
    if (has("ABSORBANCE") || has("LOG(1/R)") || has("LOG(1/T)")) return Quantity::absorbance;
    if (has("TRANSMITTANCE") || has("TRANSMISSION")) return Quantity::transmittance;
    return has("REFLECTANCE") ? Quantity::reflectance : Quantity::other;
}

Result<Spectrum> JcampReader::spectrum() {
    Spectrum spectrum;
    auto x_factor = number("XFACTOR", 1.0), y_factor = number("YFACTOR", 1.0);
    if (!x_factor) return std::unexpected(std::move(x_factor.error()));
    if (!y_factor) return std::unexpected(std::move(y_factor.error()));
    if (*x_factor == 0 || *y_factor == 0) return refuse("##XFACTOR= and ##YFACTOR= must not be 0", "correct the header", block_.data_line);
    if (block_.pairs) {
        if (auto done = decode_pairs(spectrum, *x_factor, *y_factor); !done) return std::unexpected(std::move(done.error()));
    } else {
        auto points = number("NPOINTS"), first_x = number("FIRSTX"), last_x = number("LASTX");
        for (auto* value : {&points, &first_x, &last_x})
            if (!*value) return std::unexpected(std::move(value->error()));
        if (*points < 3 || *points > static_cast<double>(limits_.channels) || *points != std::floor(*points))
            return refuse(std::format("##NPOINTS={} is not a count from 3 to {}", *points, limits_.channels), "correct the header", block_.data_line);
        const double step = (*last_x - *first_x) / (*points - 1);
        if (step == 0 || !std::isfinite(step)) return refuse("##FIRSTX= and ##LASTX= do not span an axis", "correct the header", block_.data_line);
        auto values = decode_lines(static_cast<std::size_t>(*points), *x_factor, *first_x, step);
        if (!values) return std::unexpected(std::move(values.error()));
        spectrum.values = std::move(*values);
        for (std::size_t i = 0; i < spectrum.values.size(); ++i) {
            spectrum.axis.values.push_back(i + 1 == spectrum.values.size() ? *last_x : *first_x + static_cast<double>(i) * step);
            spectrum.values[i] *= *y_factor;
        }
    }
    if (spectrum.values.size() < 3) return refuse("a spectrum needs at least 3 points", "export the whole spectrum", block_.data_line);
    for (std::size_t i = 0; i < spectrum.values.size(); ++i)
        if (!std::isfinite(spectrum.values[i]) || !std::isfinite(spectrum.axis.values[i]))
            return refuse(std::format("point {} overflows", i + 1), "correct ##XFACTOR= and ##YFACTOR=", block_.data_line);
    check_header(spectrum);
    if (auto done = convert_axis(spectrum); !done) return std::unexpected(std::move(done.error()));
    spectrum.quantity = quantity_of(upper(text("YUNITS")));
    for (const char* label : {"TITLE", "DATATYPE", "ORIGIN", "OWNER", "DATE", "LONGDATE", "YUNITS", "SPECTROMETERDATASYSTEM"})
        if (const auto value = text(label); !value.empty()) spectrum.metadata.emplace_back(label, value);
    return spectrum;
}

Result<void> JcampReader::finish_block() {
    if (block_.data_line != 0) {
        auto one = spectrum();
        if (!one) return std::unexpected(std::move(one.error()));
        cells_ += one->values.size();
        if (cells_ > limits_.cells) return refuse("the file holds too many values", "split it into smaller files", block_.data_line);
        spectra_.push_back(std::move(*one));
        first_lines_.push_back(block_.first_line);
    }
    block_ = {};
    return {};
}

Result<SpectrumTable> JcampReader::read() {
    int number = 0;
    for (std::size_t at = 0; at < bytes_.size();) {
        const auto end = std::min(bytes_.find_first_of("\r\n", at), bytes_.size());
        const auto raw = bytes_.substr(at, end - at);
        at = end < bytes_.size() && bytes_[end] == '\r' && end + 1 < bytes_.size() && bytes_[end + 1] == '\n' ? end + 2 : end + 1;
        ++number;
        const auto line = without_comment(raw);
        const auto start = line.find_first_not_of(" \t");
        if (start == std::string_view::npos) continue;
        if (line.substr(start).starts_with("##")) {
            if (auto done = take_label(line.substr(start), number); !done) return std::unexpected(std::move(done.error()));
        } else if (block_.data_line != 0 && last_entry_ == nullptr) {
            block_.data.emplace_back(number, line);
        } else if (last_entry_ != nullptr && last_entry_->value.size() < 4096) {
            last_entry_->value += (last_entry_->value.empty() ? "" : "\n") + to_utf8(trim(line));
        }
    }
    if (block_.data_line != 0) return refuse("the file ends before ##END=", "the file is cut short: copy it again", number);
    if (spectra_.empty()) return refuse("there is no spectrum in the file", "export the spectrum as XYDATA", std::max(number, 1));
    auto table = table_of(name_, "JCAMP-DX " + (version_.empty() ? "without version" : version_), spectra_);
    if (!table) return table;
    table->lines = first_lines_;
    table->warnings = std::move(warnings_);
    Column titles{"title", {}, {}};
    for (const auto& one : spectra_) {
        titles.cells.push_back(one.metadata.empty() ? "" : one.metadata.front().second);
        titles.at_column.push_back(1);
    }
    table->columns.push_back(std::move(titles));
    return table;
}

}  // namespace

Result<SpectrumTable> read_jcamp(std::string_view bytes, const std::string& name, const ReadLimits& limits) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (bytes.size() > limits.bytes) return std::unexpected(Error{"the file is too large", "split it into smaller files", name, 1, 1});
    return JcampReader(bytes, name, limits).read();
}

}  // namespace accalmie::nir
