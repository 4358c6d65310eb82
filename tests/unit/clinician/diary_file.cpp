// SPDX-License-Identifier: Apache-2.0
// The file that a patient hands over: read exactly, refused with its line.
#include <format>

#include "clinician/between/diary/diary_file.h"
#include "clinician/between/diary/simulated_diary.h"
#include "tests/unit/clinician/records_fixture.h"

using namespace accalmie;
using namespace accalmie::between;
using accalmie::records::test::must;

namespace {

constexpr std::int64_t kNow_s = 1'795'478'400;  // 2026-11-24T00:00Z
const std::string kHeader = R"({"format":"accalmie-diary","version":1,"device":"0f0e0d0c-0b0a-4908-8706-050403020100"})" "\n";

std::string line(const std::string& from = "", const std::string& to = "") {
    std::string text = R"({"id":"AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeeee","at":"2026-11-21T22:15+01:00","used":false,"craving":7,"mood":2,"place":"bar","trigger":"people"})" "\n";
    if (!from.empty()) {
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    }
    return text;
}

Error refused(const std::string& text) {
    const auto file = parse_diary(text, "d.jsonl", kNow_s);
    REQUIRE_FALSE(file);
    CHECK_FALSE(file.error().hint.empty());
    CHECK(file.error().file == "d.jsonl");
    return file.error();
}

}  // namespace

TEST_CASE("an entry is read as it was written, JSON Lines and CSV alike") {
    const DiaryFile lines = must(parse_diary(kHeader + line(), "d.jsonl", kNow_s));
    CHECK(lines.device == "0f0e0d0c-0b0a-4908-8706-050403020100");
    REQUIRE(lines.entries.size() == 1);
    CHECK(lines.entries[0].line == 2);
    const DiaryEntry expected{"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "2026-11-21T22:15+01:00", false, 7, 2, "bar", "people"};
    CHECK(lines.entries[0].entry == expected);
    const DiaryFile table = must(parse_diary("at;craving;id;mood;place;trigger;used\n2026-11-21T22:15+01:00;7;aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee;2;bar;people;false\n", "d.csv", kNow_s));
    REQUIRE(table.entries.size() == 1);
    CHECK(table.entries[0].entry == expected);
}

TEST_CASE("each wrong thing is refused on its line") {
    CHECK(refused("").message.contains("empty"));
    CHECK(refused("{}\n").message.contains("no diary"));
    CHECK(refused(R"({"format":"accalmie-diary","version":2,"device":"x"})").message.contains("version"));
    CHECK(refused(R"({"format":"accalmie-diary","version":1,"device":"x"})").message == "'device' is no UUID");
    const std::pair<const char*, const char*> wrong[] = {{"\"craving\":7", "\"craving\":11"}, {"\"craving\":7", "\"craving\":-1"}, {"\"craving\":7", "\"craving\":7.5"}, {"\"craving\":7", "\"craving\":\"x\""},
        {"\"craving\":7", "\"craving\":99999999999999999999"}, {"\"mood\":2", "\"mood\":0"}, {"\"used\":false", "\"used\":\"maybe\""}, {"\"used\":false", "\"used\":null"}, {"\"place\":\"bar\"", "\"place\":\"Chez Louis\""},
        {"\"trigger\":\"people\"", "\"trigger\":\"\""}, {"AAAAAAAA-", "AAAAAAA-"}, {"2026-11-21T22:15+01:00", "2026-11-21 22:15"}, {"2026-11-21T22:15+01:00", "2026-02-30T22:15+01:00"},
        {"2026-11-21T22:15+01:00", "2026-11-21T24:00+01:00"}, {"2026-11-21T22:15+01:00", "2026-11-21T22:15+15:00"}, {"2026-11-21T22:15+01:00", "2026-11-26T22:15+01:00"},
        {"2026-11-21T22:15+01:00", "1999-11-21T22:15+01:00"}, {"\"mood\":2,", ""}, {"}", ""}, {"{\"id\"", "[\"id\""}};
    for (const auto& [from, to] : wrong) {
        INFO(from << " -> " << to);
        CHECK(refused(kHeader + "\n" + line(from, to)).line == 3);
    }
    CHECK(refused(kHeader + line() + line()).message.contains("twice"));
    CHECK(refused(kHeader + std::string(5000, ' ') + "x\n").line == 2);
    CHECK(refused("id,at\n").message.contains("'used' is missing"));
}

TEST_CASE("a line that nests without end is refused without harm") {
    CHECK(refused(kHeader + std::string(4000, '[') + "\n").line == 2);
}

TEST_CASE("what a file says is shown short and cannot steer the terminal") {
    const auto error = refused(kHeader + line("\"place\":\"bar\"", R"("place":"\u001b[2J\u009b\n)" + std::string(39, 'x') + "\xC3\xA9" + std::string(500, 'y') + "\""));
    CHECK(error.message.size() < 80);
    CHECK(error.message.starts_with("'place' is '?[2J??xxx"));
    for (const char c : error.message) CHECK(static_cast<unsigned char>(c) >= 0x20);
    const auto cut = refused(kHeader + line("\"place\":\"bar\"", "\"place\":\"" + std::string(39, 'x') + "\xC3\xA9z\""));
    CHECK(cut.message == "'place' is '" + std::string(39, 'x') + "...'");  // no half letter
}

TEST_CASE("local times are what their offset says") {
    const auto paris = local_time("2026-11-21T22:15+01:00"), utc = local_time("2026-11-21T21:15:00Z"), montreal = local_time("2026-11-21T16:15-05:00");
    REQUIRE(paris);
    REQUIRE(utc);
    REQUIRE(montreal);
    CHECK(paris->utc_s == utc->utc_s);
    CHECK(paris->utc_s == montreal->utc_s);
    CHECK(paris->weekday == 5);
    CHECK(paris->hour == 22);
    CHECK(montreal->hour == 16);
    for (const char* text : {"", "2026-11-21", "2026-11-21T22:15", "2026-11-21T22:15+1", "2026-11-21T22:15:60Z", "2026-13-01T00:00Z", "2026-11-21T2a:15Z", "2026-11-21T22:15+01:60"}) CHECK_FALSE(local_time(text));
}

TEST_CASE("a simulated diary reads back, is the same for a seed and another for another") {
    const auto one = simulate_diary(7, 42, "2026-11-22"), again = simulate_diary(7, 42, "2026-11-22"), other = simulate_diary(8, 42, "2026-11-22");
    CHECK(one.entries == again.entries);
    CHECK(one.entries != other.entries);
    const DiaryFile file = must(parse_diary(write_diary(one.device, one.entries), "d.jsonl", kNow_s));
    REQUIRE(file.entries.size() == one.entries.size());
    CHECK(file.entries.size() > 50);
    for (std::size_t i = 0; i < one.entries.size(); ++i) CHECK(file.entries[i].entry == one.entries[i]);
}
