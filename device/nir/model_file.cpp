// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>

#include "device/nir/model.h"
#include "device/nir/number.h"
#include "device/nir/read.h"
#include "device/nir/sha256.h"

namespace accalmie::nir {
namespace {

constexpr std::string_view first_line = "accalmie-nir-model 1";
constexpr int most_components = 100;
constexpr int most_samples = 10'000'000;
constexpr std::size_t largest_file = 64u << 20;

std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\n' || c == '\r') c = ' ';
    return std::string(trim(text));
}

std::string join(const Eigen::VectorXd& values) {
    std::string text;
    for (const double value : values) text += (text.empty() ? "" : " ") + exact(value);
    return text;
}

// Takes the lines one after another; each has the key that is due and its value.
class LineReader {
public:
    LineReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    Result<std::string_view> value(std::string_view key) {
        auto line = next();
        if (!line) return line;
        if (!line->starts_with(key) || (line->size() > key.size() && (*line)[key.size()] != ' '))
            return refuse(std::format("'{}' is expected here", key), 1);
        column_ = static_cast<int>(key.size()) + 2;
        return trim(line->substr(key.size()));
    }
    Result<double> number(std::string_view key, double low, double high) {
        auto text = value(key);
        if (!text) return std::unexpected(std::move(text.error()));
        const auto number = parse_number(*text);
        if (!number || *number < low || *number > high) return refuse(std::format("'{}' needs a number from {} to {}", key, low, high), column_);
        return *number;
    }
    Result<int> count(std::string_view key, int low, int high) {
        auto text = value(key);
        if (!text) return std::unexpected(std::move(text.error()));
        const auto number = parse_integer(*text);
        if (!number || *number < low || *number > high) return refuse(std::format("'{}' needs a whole number from {} to {}", key, low, high), column_);
        return *number;
    }
    // Exactly `count` numbers of the rest of the line, appended to `out`.
    Result<void> numbers(std::string_view text, std::size_t count, std::vector<double>& out) const {
        std::size_t at = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto start = std::min(text.find_first_not_of(' ', at), text.size());
            at = std::min(text.find(' ', start), text.size());
            const auto number = parse_number(text.substr(start, at - start));
            if (!number) return refuse(std::format("number {} of {} is missing or no number", i + 1, count), static_cast<int>(start) + column_);
            out.push_back(*number);
        }
        if (!trim(text.substr(at)).empty()) return refuse(std::format("more than {} numbers", count), static_cast<int>(at) + column_);
        return {};
    }
    Result<std::string_view> next() {
        ++line_;
        column_ = 1;
        if (text_.empty()) return refuse("the file ends here", 1);
        const auto end = std::min(text_.find('\n'), text_.size());
        const auto line = text_.substr(0, end);
        text_.remove_prefix(std::min(end + 1, text_.size()));
        return line;
    }
    bool at_end() const { return text_.empty(); }
    std::unexpected<Error> refuse(std::string message, int column) const {
        return std::unexpected(Error{std::move(message), "the model file is damaged: copy it again, or train again", file_, line_, column});
    }

private:
    std::string_view text_;
    const std::string& file_;
    int line_ = 0, column_ = 1;
};

Result<void> read_words(LineReader& in, Model& model) {
    const auto word = [&](std::string_view key, std::string& to) -> Result<void> {
        auto text = in.value(key);
        if (!text) return std::unexpected(std::move(text.error()));
        to = to_utf8(*text);
        return {};
    };
    std::string method, prep;
    for (auto [key, to] : {std::pair<std::string_view, std::string*>{"name", &model.name}, {"target", &model.target}, {"unit", &model.unit}, {"method", &method}})
        if (auto done = word(key, *to); !done) return done;
    if (method != "pls1") return in.refuse(std::format("this program does not know the method '{}'", method), 8);
    if (auto done = word("prep", prep); !done) return done;
    auto chain = parse_chain(prep);
    if (!chain) return in.refuse(chain.error().message, 6);
    model.prep = std::move(*chain);
    if (auto done = word("axis", model.axis.label); !done) return done;
    model.axis.unit = model.axis.label == "nm" ? AxisUnit::nanometre : model.axis.label == "channel" ? AxisUnit::channel : AxisUnit::other;
    return word("cv", model.cv);
}

Result<int> read_numbers(LineReader& in, Model& model) {
    auto samples = in.count("samples", 3, most_samples);
    if (!samples) return samples;
    model.pls.samples = *samples;
    auto components = in.count("components", 1, std::min(most_components, *samples - 1));
    if (!components) return components;
    constexpr double most = 1e300;
    struct Field {
        std::string_view key;
        double* to;
        double low;
    };
    for (const auto& [key, to, low] : {Field{"rmsec", &model.rmsec, 0}, {"rmsecv", &model.rmsecv, 0}, {"reference_mean", &model.pls.y_mean, -most},
                                       {"reference_low", &model.reference_low, -most}, {"reference_high", &model.reference_high, -most},
                                       {"t2_limit", &model.t2_limit, 0}, {"q_limit", &model.q_limit, 0}}) {
        auto number = in.number(key, low, most);
        if (!number) return std::unexpected(std::move(number.error()));
        *to = *number;
    }
    return components;
}

Result<void> read_components(LineReader& in, Model& model, int components) {
    for (const auto& [key, to] : {std::pair{"y_loadings", &model.pls.y_loadings}, {"score_squares", &model.pls.score_squares}}) {
        auto text = in.value(key);
        if (!text) return std::unexpected(std::move(text.error()));
        std::vector<double> values;
        if (auto done = in.numbers(*text, static_cast<std::size_t>(components), values); !done) return done;
        *to = Eigen::Map<const Eigen::VectorXd>(values.data(), components);
    }
    if (!(model.pls.score_squares.array() > 0).all()) return in.refuse("score_squares must be above 0", 15);
    return {};
}

Result<void> read_channels(LineReader& in, Model& model, int components, int channels) {
    const auto width = static_cast<std::size_t>(2 + 2 * components);
    std::vector<double> values;
    for (int i = 0; i < channels; ++i) {
        auto line = in.next();
        if (!line) return std::unexpected(std::move(line.error()));
        if (auto done = in.numbers(*line, width, values); !done) return done;
        const double x = values[static_cast<std::size_t>(i) * width];
        if (!model.axis.values.empty() && x == model.axis.values.back()) return in.refuse("the axis stands still", 1);
        if (model.axis.values.size() > 1 && (x > model.axis.values.back()) != (model.axis.values[1] > model.axis.values[0])) return in.refuse("the axis turns", 1);
        model.axis.values.push_back(x);
    }
    const Eigen::Map<const Spectra> table(values.data(), channels, static_cast<Eigen::Index>(width));
    model.pls.x_mean = table.col(1).transpose();
    model.pls.rotations = table.middleCols(2, components);
    model.pls.loadings = table.rightCols(components);
    return {};
}

std::string content_of(const Model& model) {
    const Pls& pls = model.pls;
    std::string text = std::format("{}\nname {}\ntarget {}\nunit {}\nmethod pls1\nprep {}\naxis {}\ncv {}\n", first_line, one_line(model.name), one_line(model.target),
                                   one_line(model.unit), model.prep.text(), one_line(model.axis.label), one_line(model.cv));
    text += std::format("samples {}\ncomponents {}\n", pls.samples, pls.components());
    text += "rmsec " + exact(model.rmsec) + "\nrmsecv " + exact(model.rmsecv) + "\nreference_mean " + exact(pls.y_mean) + "\nreference_low " + exact(model.reference_low) +
            "\nreference_high " + exact(model.reference_high) + "\nt2_limit " + exact(model.t2_limit) + "\nq_limit " + exact(model.q_limit) + '\n';
    text += "training_sha256 " + model.training_sha256 + "\ny_loadings " + join(pls.y_loadings) + "\nscore_squares " + join(pls.score_squares) + '\n';
    text += std::format("channels {}\n", pls.x_mean.size());
    for (Eigen::Index i = 0; i < pls.x_mean.size(); ++i) {
        text += exact(model.axis.values[static_cast<std::size_t>(i)]) + ' ' + exact(pls.x_mean[i]);
        for (const auto* matrix : {&pls.rotations, &pls.loadings}) text += ' ' + join(matrix->row(i).transpose());
        text += '\n';
    }
    return text;
}

}  // namespace

std::string write_model(const Model& model) {
    const std::string content = content_of(model);
    return content + "content_sha256 " + sha256_hex(content) + '\n';
}

std::string model_digest(const Model& model) { return sha256_hex(content_of(model)); }

Result<Model> parse_model_body(std::string_view text, const std::string& file) {
    LineReader in(text, file);
    Model model;
    auto first = in.next();
    if (!first) return std::unexpected(std::move(first.error()));
    if (*first != first_line) {
        const bool other_version = first->starts_with("accalmie-nir-model");
        return std::unexpected(Error{other_version ? "the model file is of another version" : "this is not a model file",
                                     other_version ? "train the model again with this program" : "make one with: accalmie nir train", file, 1, 1});
    }
    if (auto done = read_words(in, model); !done) return std::unexpected(std::move(done.error()));
    auto components = read_numbers(in, model);
    if (!components) return std::unexpected(std::move(components.error()));
    auto training = in.value("training_sha256");
    if (!training) return std::unexpected(std::move(training.error()));
    if (training->size() != 64 || training->find_first_not_of("0123456789abcdef") != std::string_view::npos) return in.refuse("training_sha256 needs 64 hexadecimal digits", 17);
    model.training_sha256 = *training;
    if (auto done = read_components(in, model, *components); !done) return std::unexpected(std::move(done.error()));
    auto channels = in.count("channels", 3, 1 << 20);
    if (!channels) return std::unexpected(std::move(channels.error()));
    if (auto done = read_channels(in, model, *components, *channels); !done) return std::unexpected(std::move(done.error()));
    if (!in.at_end()) return in.refuse("the file goes on after its last channel", 1);
    return model;
}

Result<Model> parse_model(std::string_view text, const std::string& file) {
    constexpr std::string_view key = "\ncontent_sha256 ";
    if (!text.starts_with("accalmie-nir-model")) return parse_model_body(text, file);
    const auto at = text.rfind(key);
    const auto last_line = [&] { return 1 + static_cast<int>(std::ranges::count(text, '\n')); };
    if (at == std::string_view::npos)
        return std::unexpected(Error{"the model file has no content_sha256 at its end", "the file is cut short: copy it again", file, last_line(), 1});
    const auto content = text.substr(0, at + 1);
    if (trim(text.substr(at + key.size())) != sha256_hex(content)) {
        const auto line = 1 + static_cast<int>(std::ranges::count(content, '\n'));
        return std::unexpected(Error{"the model file was changed after it was written: its content does not match content_sha256",
                                     "take the original file, or train again", file, line, 1});
    }
    return parse_model_body(content, file);
}

std::string find_model(const std::string& name_or_path) {
    namespace fs = std::filesystem;
    const bool bare = name_or_path.find('/') == std::string::npos && name_or_path.find('.') == std::string::npos;
    if (!bare || name_or_path.empty()) return name_or_path;
    const fs::path below = fs::path("device") / "nir" / "models" / (name_or_path + ".model");
    std::error_code failed;
    if (fs::exists(name_or_path, failed)) return name_or_path;
    if (const char* named = std::getenv("ACCALMIE_ROOT"); named != nullptr && *named != '\0') return (fs::path(named) / below).string();
    for (fs::path folder = fs::read_symlink("/proc/self/exe", failed).parent_path(); !folder.empty(); folder = folder.parent_path()) {
        if (fs::exists(folder / below, failed)) return (folder / below).string();
        if (folder == folder.parent_path()) break;
    }
    return name_or_path;
}

Result<Model> read_model(const std::string& name_or_path) {
    const std::string path = find_model(name_or_path);
    auto text = read_file(path, largest_file);
    if (!text) return std::unexpected(std::move(text.error()));
    return parse_model(*text, path);
}

}  // namespace accalmie::nir
