// SPDX-License-Identifier: Apache-2.0
#include "protocols/plan.h"

#include "protocols/library.h"
#include "protocols/plan_checks.h"
#include "protocols/toml_reader.h"

#include <algorithm>
#include <filesystem>
#include <format>
#include <fstream>

namespace accalmie::protocols {
namespace {

constexpr std::size_t kLargestFile_bytes = 1 << 20;
constexpr std::size_t kMostSteps = 100, kMostLevels = 50, kMostRatingTimes = 200;

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
    if (text.size() > kLargestFile_bytes) return std::unexpected(Error{"the file is over 1 MiB", "a protocol is a short text; is this the right file?", file});
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        const auto begin = error.source().begin;
        return std::unexpected(Error{one_line(error.description()), "mend the TOML here; toml.io describes the format", file,
                                     static_cast<int>(begin.line), static_cast<int>(begin.column)});
    } catch (const std::exception& error) {
        return std::unexpected(Error{std::format("the file cannot be read as TOML: {}", one_line(error.what())), "is this the right file?", file});
    }
}

Result<std::string> read_file(const std::string& path) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) {
        return std::unexpected(Error{"there is no such file", "accalmie protocol list names the shipped ones", path});
    }
    std::ifstream stream(path, std::ios::binary);
    std::string text;
    text.resize(kLargestFile_bytes + 1);
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream && !stream.eof()) return std::unexpected(Error{"the file cannot be read", "check its permissions", path});
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

// [instruments.ID], in the protocol's own file or in instruments/ID.toml.
std::optional<RatingScale> read_instrument(const toml::table& table, const std::string& id, Findings& findings) {
    const std::size_t before = findings.errors.size();
    TableReader reader(table, std::format("[instruments.{}]", id), findings);
    RatingScale scale{.id = id};
    scale.minimum = static_cast<int>(reader.integer("minimum", -1000, 1000, "minimum = 0").value_or(0));
    scale.maximum = static_cast<int>(reader.integer("maximum", -1000, 1000, "maximum = 100").value_or(100));
    scale.question = reader.text("question", "question = { en = \"...\", fr = \"...\" }").value_or(Text{});
    scale.low_anchor = reader.text("low_anchor", "low_anchor = { en = \"...\", fr = \"...\" }").value_or(Text{});
    scale.high_anchor = reader.text("high_anchor", "high_anchor = { en = \"...\", fr = \"...\" }").value_or(Text{});
    // Rights are the first thing a site asks about an instrument, so they travel with it.
    reader.text("rights", "rights = { en = \"free of rights\", fr = \"libre de droits\" }");
    reader.text("source", {}, false);
    reader.refuse_unknown_keys();
    if (findings.errors.size() == before && scale.minimum >= scale.maximum) {
        findings.error(reader.place_of_key("maximum"), std::format("the scale runs from {} to {}", scale.minimum, scale.maximum), "the maximum is the larger one");
    }
    if (findings.errors.size() != before) return std::nullopt;
    return scale;
}

struct Instrument {
    RatingScale scale;
    std::string source_text;  // of its own file; empty when it is in the protocol
};

std::optional<Instrument> find_instrument(const toml::table& root, const std::string& id, Place place, const ParseOptions& options, Findings& findings) {
    if (const toml::node* own = root["instruments"][id].node()) {
        if (!own->is_table()) return std::nullopt;  // named by the reader of [instruments]
        std::optional<RatingScale> scale = read_instrument(*own->as_table(), id, findings);
        return scale ? std::optional(Instrument{std::move(*scale), {}}) : std::nullopt;
    }
    for (const std::string& folder : options.instrument_folders) {
        const std::string path = (std::filesystem::path(folder) / (id + ".toml")).string();
        std::error_code failed;
        if (!std::filesystem::exists(path, failed)) continue;
        const Result<std::string> text = read_file(path);
        const Result<toml::table> file = text ? parse_toml(*text, path) : std::unexpected(text.error());
        if (!file) {
            findings.errors.push_back(file.error());
            return std::nullopt;
        }
        Findings own{.file = path};
        const toml::table* table = (*file)["instruments"][id].as_table();
        std::optional<RatingScale> scale;
        if (table == nullptr || file->size() != 1) own.error({1, 1}, std::format("the file does not hold the instrument '{}' alone", id), std::format("write [instruments.{}]", id));
        else scale = read_instrument(*table, id, own);
        findings.errors.insert(findings.errors.end(), own.errors.begin(), own.errors.end());
        return scale ? std::optional(Instrument{std::move(*scale), *text}) : std::nullopt;
    }
    findings.error(place, std::format("the instrument '{}' is neither in this file nor in a folder instruments/", id),
                   std::format("write [instruments.{}] here, or use \"craving-vas-100\"", id));
    return std::nullopt;
}

std::optional<StepKind> read_kind(TableReader& reader, Findings& findings) {
    static const std::vector<std::string> kinds{"baseline", "exposure", "coping", "aftercare"};
    const std::optional<std::string> written = reader.string("kind", "kind = \"exposure\"");
    if (!written) return std::nullopt;
    const auto found = std::ranges::find(kinds, *written);
    if (found == kinds.end()) {
        findings.error(reader.place_of_key("kind"), std::format("there is no kind of step '{}'", one_line(written->substr(0, 40))), suggestion(*written, kinds));
        return std::nullopt;
    }
    return static_cast<StepKind>(found - kinds.begin());
}

void read_levels(TableReader& reader, Step& step, Findings& findings) {
    const toml::array* levels = reader.array("levels", "levels = [0, 1, 2]");
    if (levels == nullptr) return;
    step.levels.clear();
    if (levels->empty() || levels->size() > kMostLevels) findings.error(place_of(*levels), std::format("{} has {} levels", reader.name(), levels->size()), "from 1 to 50");
    for (const toml::node& node : *levels) {
        const auto* level = node.as_integer();
        if (level == nullptr || level->get() < 0 || level->get() > 99) {
            findings.error(place_of(node), std::format("a level of {} is not a whole number from 0 to 99", reader.name()), "levels = [0, 1, 2]");
            return;
        }
        if (!step.levels.empty() && level->get() <= step.levels.back()) {
            findings.error(place_of(node), std::format("the levels of {} do not ascend: {} after {}", reader.name(), level->get(), step.levels.back()),
                           "a ladder goes up; put the levels in order, each once");
        }
        step.levels.push_back(static_cast<int>(level->get()));
    }
}

void read_rating_times(TableReader& reader, Step& step, Findings& findings) {
    const toml::array* times = reader.array("ratings_at", "ratings_at = [\"5 min\", \"10 min\"]", false);
    if (times == nullptr) return;
    if (times->size() > kMostRatingTimes) findings.error(place_of(*times), std::format("{} has {} rating times", reader.name(), times->size()), "at most 200");
    for (const toml::node& node : *times) {
        const auto* text = node.as_string();
        const std::optional<std::int64_t> at = text != nullptr ? parse_duration(text->get()) : std::nullopt;
        if (at) step.rating_at_ms.push_back(*at);
        else findings.error(place_of(node), std::format("a time in 'ratings_at' of {} is not a duration", reader.name()), "write \"5 min\"");
    }
}

void read_exposure(TableReader& reader, Step& step, Findings& findings) {
    read_levels(reader, step, findings);
    if (const toml::table* table = reader.table("passed_when", "a table [step.passed_when]")) {
        TableReader rule(*table, std::format("passed_when of {}", reader.name()), findings);
        step.rule.fall_from_peak = rule.percent("fall_from_peak", "fall_from_peak = \"50 %\"").value_or(0.5);
        step.rule.return_to_baseline_within =
            static_cast<int>(rule.integer("return_to_baseline_within", 0, 1000, "return_to_baseline_within = 10").value_or(10));
        step.rule.consecutive_ratings = static_cast<int>(rule.integer("consecutive_ratings", 1, 20, "consecutive_ratings = 2").value_or(2));
        rule.refuse_unknown_keys();
    }
    if (const toml::table* table = reader.table("level_time", "level_time = { minimum = \"2 min\", maximum = \"6 min\" }")) {
        TableReader time(*table, std::format("level_time of {}", reader.name()), findings);
        step.rule.minimum_ms = time.duration("minimum", "minimum = \"2 min\"", true, 0).value_or(0);
        step.rule.maximum_ms = time.duration("maximum", "maximum = \"6 min\"").value_or(0);
        time.refuse_unknown_keys();
    }
}

Step read_step(const toml::table& table, std::size_t number, Findings& findings, PlanPlaces& places) {
    const toml::node* id = table.get("id");
    const std::string name = id != nullptr && id->is_string() && is_identifier(id->as_string()->get())
                                 ? std::format("step '{}'", id->as_string()->get()) : std::format("step {}", number);
    TableReader reader(table, name, findings);
    Step step;
    step.line = reader.place().line;
    step.id = reader.identifier("id", "id = \"bar\"").value_or("");
    const std::optional<StepKind> kind = read_kind(reader, findings);
    step.kind = kind.value_or(StepKind::baseline);
    step.title = reader.text("title", "title = { en = \"...\", fr = \"...\" }").value_or(Text{});
    step.instruction = reader.text("instruction", "instruction = { en = \"...\", fr = \"...\" }", false).value_or(Text{});
    step.scene = reader.identifier("scene", "scene = \"waiting-room\"").value_or("");
    const bool exposure = kind == StepKind::exposure;
    step.rating_every_ms = reader.duration("ratings_every", "ratings_every = \"60 s\"", exposure).value_or(0);
    read_rating_times(reader, step, findings);
    if (exposure) {
        read_exposure(reader, step, findings);
        if (reader.has("duration")) {
            reader.take("duration", {}, false);
            findings.error(reader.place_of_key("duration"), std::format("{} is an exposure: its levels have times, the step has none", name),
                           "use level_time = { minimum = ..., maximum = ... }");
        }
    } else if (kind) {
        step.duration_ms = reader.duration("duration", "duration = \"5 min\"").value_or(0);
        for (const std::string_view key : {"levels", "passed_when", "level_time"}) {
            if (!reader.has(key)) continue;
            reader.take(key, {}, false);
            findings.error(reader.place_of_key(key), std::format("'{}' belongs to an exposure, and {} is {}", key, name, name_of(step.kind)),
                           "take it out or change kind");
        }
    }
    if (kind) reader.refuse_unknown_keys();
    places.steps.push_back(reader.place());
    places.scenes.push_back(reader.place_of_key("scene"));
    places.levels.push_back(reader.place_of_key("levels"));
    return step;
}

void read_steps(TableReader& reader, SessionPlan& plan, Findings& findings, PlanPlaces& places) {
    const toml::array* steps = reader.array("step", "[[step]] for each step");
    if (steps == nullptr) return;
    if (steps->empty() || steps->size() > kMostSteps) {
        findings.error(place_of(*steps), std::format("the protocol has {} steps", steps->size()), "from 1 to 100");
        return;
    }
    for (std::size_t i = 0; i < steps->size(); ++i) {
        if (const toml::table* table = steps->get_as<toml::table>(i)) {
            plan.steps.push_back(read_step(*table, i + 1, findings, places));
        } else {
            findings.error(place_of((*steps)[i]), std::format("step {} is not a table", i + 1), "write [[step]] above its keys");
        }
    }
}

void read_rating(TableReader& root, const toml::table& table, SessionPlan& plan, const ParseOptions& options, Findings& findings) {
    const toml::table* rating = root.table("rating", "[rating] with instrument = \"craving-vas-100\"");
    if (const toml::table* inline_ones = root.table("instruments", "[instruments.ID]", false)) {
        for (const auto& [key, node] : *inline_ones) {
            if (!node.is_table()) findings.error(place_of(node), std::format("'{}' in [instruments] is not a table", one_line(key.str().substr(0, 40))), "write [instruments.ID]");
        }
    }
    if (rating == nullptr) return;
    TableReader reader(*rating, "[rating]", findings);
    const std::optional<std::string> id = reader.identifier("instrument", "instrument = \"craving-vas-100\"");
    const std::optional<std::int64_t> timeout = reader.duration("timeout", "timeout = \"45 s\"", false);
    reader.refuse_unknown_keys();
    if (id) {
        if (std::optional<Instrument> found = find_instrument(table, *id, reader.place_of_key("instrument"), options, findings)) {
            plan.scale = std::move(found->scale);
            if (!found->source_text.empty()) plan.source_text += '\n' + found->source_text;
        }
    }
    if (timeout) plan.scale.timeout_ms = *timeout;
}

}  // namespace

Diagnosis diagnose_plan(std::string_view text, const std::string& file_name, const ParseOptions& options) {
    const Result<toml::table> root = parse_toml(text, file_name);
    if (!root) return {std::nullopt, {root.error()}, {}};

    Findings findings{.file = file_name};
    PlanPlaces places;
    SessionPlan plan;
    plan.source_text = text;
    TableReader reader(*root, "the protocol", findings);
    plan.id = reader.identifier("id", "id = \"alcohol-bar\"").value_or("");
    plan.version = static_cast<int>(reader.integer("version", 1, 1'000'000, "version = 1").value_or(1));
    plan.title = reader.text("title", "title = { en = \"...\", fr = \"...\" }").value_or(Text{});
    plan.evidence = reader.text("evidence", "evidence = { en = \"what trials found, failures included\", fr = \"...\" }").value_or(Text{});
    plan.rehearsal_only = reader.boolean("rehearsal_only").value_or(false);
    places.short_aftercare_reason = reader.text("short_aftercare_reason", "short_aftercare_reason = { en = \"...\", fr = \"...\" }", false);
    read_rating(reader, *root, plan, options, findings);
    if (const toml::table* table = reader.table("safety", "[safety] with ceiling = 90")) {
        TableReader safety(*table, "[safety]", findings);
        plan.ceiling = static_cast<int>(safety.integer("ceiling", -1000, 1000, "ceiling = 90").value_or(100));
        places.ceiling = safety.place_of_key("ceiling");
        safety.refuse_unknown_keys();
    }
    read_steps(reader, plan, findings, places);
    reader.refuse_unknown_keys();
    // Rules about the whole say nothing true of half a plan; scene names stand for themselves.
    if (plan.steps.size() == places.steps.size()) {
        if (findings.errors.empty()) check_plan(plan, places, findings);
        check_scenes(plan, places, options, findings);
    }

    const auto by_line = [](const Error& a, const Error& b) { return std::tie(a.line, a.column) < std::tie(b.line, b.column); };
    std::ranges::stable_sort(findings.errors, by_line);
    std::ranges::stable_sort(findings.warnings, by_line);
    Diagnosis diagnosis{std::nullopt, std::move(findings.errors), std::move(findings.warnings)};
    if (diagnosis.errors.empty()) diagnosis.plan = std::move(plan);
    return diagnosis;
}

Result<SessionPlan> parse_plan(std::string_view text, const std::string& file_name, const ParseOptions& options) {
    Diagnosis diagnosis = diagnose_plan(text, file_name, options);
    if (!diagnosis.plan) return std::unexpected(std::move(diagnosis.errors.front()));
    return *std::move(diagnosis.plan);
}

Result<Diagnosis> diagnose_file(const std::string& path, ParseOptions options) {
    const std::string file = find_template(path);
    const Result<std::string> text = read_file(file);
    if (!text) return std::unexpected(text.error());
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    options.instrument_folders.push_back((folder / "instruments").string());
    options.instrument_folders.push_back((folder / ".." / "instruments").lexically_normal().string());
    if (const std::string shipped = shipped_folder(); !shipped.empty()) {
        options.instrument_folders.push_back((std::filesystem::path(shipped) / "instruments").string());
    }
    return diagnose_plan(*text, file, options);
}

Result<SessionPlan> load_plan(const std::string& path, const ParseOptions& options) {
    Result<Diagnosis> diagnosis = diagnose_file(path, options);
    if (!diagnosis) return std::unexpected(std::move(diagnosis.error()));
    if (!diagnosis->plan) return std::unexpected(std::move(diagnosis->errors.front()));
    return *std::move(diagnosis->plan);
}

}  // namespace accalmie::protocols
