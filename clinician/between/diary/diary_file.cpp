// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/diary/diary_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <set>

#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

constexpr std::int64_t kYear2000_s = 946'684'800, kDay_s = 86'400;

std::string listed(std::span<const Code> codes) {
    std::string all;
    for (const Code& code : codes) all += (all.empty() ? "" : ", ") + std::string(code.code);
    return all;
}

// What stands in the file, as an error may show it: short, on one line, nothing that steers a terminal, whole letters.
std::string shown(std::string_view text) {
    std::size_t end = std::min<std::size_t>(text.size(), 40);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    std::string out;
    for (std::size_t i = 0; i < end; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xC2 && i + 1 < end && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (c1) ++i;
        out += byte < 0x20 || byte == 0x7F || c1 ? '?' : text[i];
    }
    return out + (end < text.size() ? "..." : "");
}

// The values of one entry as texts, whichever form they came in.
struct Texts {
    std::string id, at, used, craving, mood, place, trigger;
};

class Reader {
public:
    Reader(std::string file, std::int64_t now_utc_s) : file_(std::move(file)), now_utc_s_(now_utc_s) {}
    Result<DiaryFile> json_lines(std::string_view bytes);
    Result<DiaryFile> csv(std::string_view bytes);

private:
    std::unexpected<Error> wrong(int line, std::string message, std::string hint) const { return std::unexpected(Error{std::move(message), std::move(hint), file_, line}); }
    Result<void> header(const json& first, int line);
    Result<Texts> texts_of(const json& object, int line) const;
    Result<void> add(const Texts& texts, int line);
    Result<int> number(const std::string& text, const char* name, int lowest, int highest, int line) const;

    std::string file_;
    std::int64_t now_utc_s_;
    DiaryFile diary_;
    std::set<std::string> ids_;
};

Result<int> Reader::number(const std::string& text, const char* name, int lowest, int highest, int line) const {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size() || value < lowest || value > highest)
        return wrong(line, std::format("'{}' is '{}'", name, shown(text)), std::format("a whole number from {} to {}", lowest, highest));
    return value;
}

Result<void> Reader::add(const Texts& texts, int line) {
    if (diary_.entries.size() >= kMostEntries) return wrong(line, std::format("more than {} entries", kMostEntries), "is this the file that you meant?");
    DiaryEntry entry;
    const auto id = uuid(texts.id);
    if (!id) return wrong(line, "'id' is no UUID", "take the file as the diary page wrote it");
    entry.id = *id;
    if (!ids_.insert(entry.id).second) return wrong(line, "this entry stands in the file twice", "take one of the two lines out");
    const auto time = local_time(texts.at);
    if (!time) return wrong(line, std::format("'at' is '{}'", shown(texts.at)), "a local time with its offset, such as 2026-11-21T22:15+01:00");
    if (time->utc_s < kYear2000_s || time->utc_s > now_utc_s_ + kDay_s) return wrong(line, std::format("{} lies in the future or before 2000", texts.at), "was the phone's clock right?");
    entry.at = texts.at;
    if (texts.used != "true" && texts.used != "false") return wrong(line, std::format("'used' is '{}'", shown(texts.used)), "true or false");
    entry.used = texts.used == "true";
    auto craving = number(texts.craving, "craving", 0, kMostCraving, line), mood = number(texts.mood, "mood", kLowestMood, kHighestMood, line);
    if (!craving) return std::unexpected(std::move(craving.error()));
    if (!mood) return std::unexpected(std::move(mood.error()));
    entry.craving = *craving;
    entry.mood = *mood;
    if (!find_code(places(), texts.place)) return wrong(line, std::format("'place' is '{}'", shown(texts.place)), "one of " + listed(places()));
    if (!find_code(triggers(), texts.trigger)) return wrong(line, std::format("'trigger' is '{}'", shown(texts.trigger)), "one of " + listed(triggers()));
    entry.place = texts.place;
    entry.trigger = texts.trigger;
    diary_.entries.push_back({line, std::move(entry)});
    return {};
}

Result<void> Reader::header(const json& first, int line) {
    const auto field = [&](const char* name) { return first.is_object() && first.contains(name) ? first[name] : json(); };
    if (field("format") != json("accalmie-diary")) return wrong(line, "this is no diary: its first line does not say \"format\":\"accalmie-diary\"", "take the file as the diary page wrote it");
    if (field("version") != json(1)) return wrong(line, "this diary is of a version that this program does not read", "update the program, or hand over the file again from an up-to-date page");
    const auto device = field("device").is_string() ? uuid(field("device").get<std::string>()) : std::nullopt;
    if (!device) return wrong(line, "'device' is no UUID", "take the file as the diary page wrote it");
    diary_.device = *device;
    return {};
}

Result<Texts> Reader::texts_of(const json& object, int line) const {
    if (!object.is_object()) return wrong(line, "this line is not a JSON object", "each entry has a line of its own, as the diary page writes it");
    Texts texts;
    struct Name { const char* name; std::string Texts::*member; };
    for (const Name& each : {Name{"id", &Texts::id}, Name{"at", &Texts::at}, Name{"used", &Texts::used}, Name{"craving", &Texts::craving}, Name{"mood", &Texts::mood},
                             Name{"place", &Texts::place}, Name{"trigger", &Texts::trigger}}) {
        if (!object.contains(each.name)) return wrong(line, std::format("'{}' is missing", each.name), "take the file as the diary page wrote it");
        const json& value = object[each.name];
        if (!value.is_string() && !value.is_boolean() && !value.is_number_integer()) return wrong(line, std::format("'{}' is neither a text, a whole number nor true or false", each.name), "take the file as the diary page wrote it");
        texts.*each.member = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return texts;
}

Result<DiaryFile> Reader::json_lines(std::string_view bytes) {
    int line = 0;
    bool begun = false;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        std::string_view text = bytes.substr(0, end);
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
        ++line;
        if (text.ends_with('\r')) text.remove_suffix(1);
        if (text.find_first_not_of(" \t") == std::string_view::npos) continue;
        // A line of a diary is short and flat; a deep or long one would cost time before it is refused.
        if (text.size() > 4096) return wrong(line, "this line is longer than an entry can be", "take the file as the diary page wrote it");
        const json object = json::parse(text, nullptr, false);
        if (object.is_discarded()) return wrong(line, "this line is not JSON", "take the file as the diary page wrote it; was it cut?");
        if (!begun) {
            if (auto good = header(object, line); !good) return std::unexpected(std::move(good.error()));
            begun = true;
            continue;
        }
        auto texts = texts_of(object, line);
        if (!texts) return std::unexpected(std::move(texts.error()));
        if (auto added = add(*texts, line); !added) return std::unexpected(std::move(added.error()));
    }
    if (!begun) return wrong(1, "the file is empty", "take the file as the diary page wrote it");
    return std::move(diary_);
}

Result<DiaryFile> Reader::csv(std::string_view bytes) {
    auto table = parse_csv_table(bytes, file_, {.bytes = kLargestDiary, .rows = kMostEntries});
    if (!table) return std::unexpected(std::move(table.error()));
    constexpr std::array<const char*, 7> names{"id", "at", "used", "craving", "mood", "place", "trigger"};
    std::array<std::size_t, names.size()> columns{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const int column = table->column(names[i]);
        if (column < 0) return wrong(1, std::format("the column '{}' is missing", names[i]), "the header has to be id,at,used,craving,mood,place,trigger");
        columns[i] = static_cast<std::size_t>(column);
    }
    for (const CsvRow& row : table->rows) {
        const auto cell = [&](std::size_t i) { return row.cells[columns[i]]; };
        if (auto added = add({cell(0), cell(1), cell(2), cell(3), cell(4), cell(5), cell(6)}, row.line); !added) return std::unexpected(std::move(added.error()));
    }
    return std::move(diary_);
}

}  // namespace

Result<DiaryFile> parse_diary(std::string_view bytes, const std::string& file, std::int64_t now_utc_s) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    Reader reader(file, now_utc_s);
    const auto first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '{' ? reader.json_lines(bytes) : reader.csv(bytes);
}

Result<DiaryFile> read_diary_file(const std::string& path, std::int64_t now_utc_s) {
    auto bytes = read_text_file(path, kLargestDiary);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    return parse_diary(*bytes, path, now_utc_s);
}

std::string write_diary(const std::string& device, const std::vector<DiaryEntry>& entries) {
    std::string text = json{{"format", "accalmie-diary"}, {"version", 1}, {"device", device}}.dump() + "\n";
    for (const DiaryEntry& entry : entries)
        text += json{{"id", entry.id}, {"at", entry.at}, {"used", entry.used}, {"craving", entry.craving}, {"mood", entry.mood}, {"place", entry.place}, {"trigger", entry.trigger}}.dump() + "\n";
    return text;
}

}  // namespace accalmie::between
