// SPDX-License-Identifier: Apache-2.0
// Diaries in the record: nothing doubled, nothing half, hard hours by the stated rule, a step proposed once and decided once.
#include <algorithm>
#include <format>

#include "clinician/between/diary/ladder.h"
#include "clinician/between/diary/simulated_diary.h"
#include "clinician/between/wishes.h"
#include "tests/unit/clinician/records_fixture.h"

using namespace accalmie;
using namespace accalmie::between;
using namespace accalmie::records::test;

namespace {

const records::Account kClinician{"a.martin", records::AccountRole::clinician};
const records::Account kAssessor{"assessor", records::AccountRole::assessor};

DiaryFile file_of(const std::vector<DiaryEntry>& entries) {
    DiaryFile file{.device = "0f0e0d0c-0b0a-4908-8706-050403020100", .entries = {}};
    for (const DiaryEntry& each : entries) file.entries.push_back({static_cast<int>(file.entries.size()) + 2, each});
    return file;
}

DiaryEntry entry(int number, const std::string& at, int craving, bool used = false, const std::string& place = "bar") {
    return {std::format("aaaaaaaa-bbbb-4ccc-8ddd-{:012x}", number), at, used, craving, 3, place, "people"};
}

// Four Saturday nights at a place.
std::vector<DiaryEntry> saturdays(const std::string& place, int craving) {
    std::vector<DiaryEntry> entries;
    for (int week = 0; week < 4; ++week) entries.push_back(entry(week, std::format("2026-10-{:02}T22:10+02:00", 3 + 7 * week), craving, week == 0, place));
    return entries;
}

struct WithPatient {
    Folder folder;
    records::Study study = new_study(folder / "study", key_of(5));
    WithPatient() {
        must(study.add_patient("", "P-7Q4K"));
        must(study.add_patient("", "P-9XYZ"));
    }
    int rows(const std::string& kind) const {
        int count = 0;
        must(study.ledger().read("", [&](const records::Row& row) { count += row.kind == kind; }));
        return count;
    }
};

scenes::SceneFile bar() {
    scenes::SceneFile scene;
    scene.name = "bar-night";
    scene.kind = scenes::SceneKind::cue;
    scene.places = {"bar"};
    scene.levels.resize(5);
    return scene;
}

std::vector<KeptEntry> kept(const std::vector<DiaryEntry>& entries) {
    std::vector<KeptEntry> all;
    for (const auto& each : entries) all.push_back({0, "P-7Q4K", each});
    return all;
}

}  // namespace

TEST_CASE("a diary handed over twice, or again with more, doubles nothing") {
    WithPatient fixture;
    auto entries = saturdays("bar", 8);
    CHECK(must(import_diary(fixture.study, kClinician, "P-7Q4K", file_of(entries), "00")).new_entries == 4);
    CHECK(must(import_diary(fixture.study, kClinician, "P-7Q4K", file_of(entries), "00")).new_entries == 0);
    CHECK(fixture.rows("diary.imported") == 1);
    entries.push_back(entry(9, "2026-11-01T09:00+01:00", 1));
    CHECK(must(import_diary(fixture.study, kClinician, "P-7Q4K", file_of(entries), "01")).new_entries == 1);
    CHECK(must(read_diary(fixture.study, "P-7Q4K")).size() == 5);
    CHECK(must(read_diary(fixture.study, "P-9XYZ")).empty());
}

TEST_CASE("a diary of one patient is refused for another, an unknown pseudonym and an account without the right too; nothing is written") {
    WithPatient fixture;
    must(import_diary(fixture.study, kClinician, "P-7Q4K", file_of(saturdays("bar", 8)), "00"));
    const auto other = import_diary(fixture.study, kClinician, "P-9XYZ", file_of(saturdays("bar", 8)), "00");
    REQUIRE_FALSE(other);
    CHECK(other.error().message.contains("P-7Q4K"));
    CHECK_FALSE(import_diary(fixture.study, kClinician, "P-0000", file_of(saturdays("bar", 8)), "00"));
    CHECK_FALSE(import_diary(fixture.study, kAssessor, "P-7Q4K", file_of(saturdays("home", 8)), "00"));
    CHECK(fixture.rows("diary.entry") == 4);
}

TEST_CASE("a block of hours is hard by the stated rule, at its very edges") {
    const auto hard_with = [](const std::vector<DiaryEntry>& entries) { return hard_blocks(kept(entries)).size(); };
    std::vector<DiaryEntry> two{entry(1, "2026-10-03T22:00+02:00", 10), entry(2, "2026-10-10T22:00+02:00", 10)};
    CHECK(hard_with(two) == 0);                                              // too few to say anything
    auto three = two;
    three.push_back(entry(3, "2026-10-17T22:00+02:00", 0));
    CHECK(hard_with(three) == 1);                                            // mean 6.7
    three.back() = entry(3, "2026-10-16T22:00+02:00", 0);                    // Friday night: the same week-end
    CHECK(hard_with(three) == 1);
    three.back() = entry(3, "2026-10-18T23:59+02:00", 0);                    // Sunday night: the week has begun
    CHECK(hard_with(three) == 0);
    for (const auto& [at, weekend] : {std::pair{"2026-10-16T17:59+02:00", false}, std::pair{"2026-10-16T18:00+02:00", true}, std::pair{"2026-10-18T17:59+02:00", true},
                                      std::pair{"2026-10-18T18:00+02:00", false}, std::pair{"2026-10-17T00:00+02:00", true}, std::pair{"2026-10-19T00:00+02:00", false}})
        CHECK(is_weekend(*local_time(at)) == weekend);
    const auto mean = [&](int a, int b, int c) { return hard_with({entry(1, "2026-10-05T09:00+02:00", a), entry(2, "2026-10-06T10:00+02:00", b), entry(3, "2026-10-07T11:59+02:00", c)}); };
    CHECK(mean(6, 6, 6) == 1);
    CHECK(mean(6, 6, 5) == 0);
    std::vector<DiaryEntry> used{entry(1, "2026-10-05T09:00+02:00", 0, true), entry(2, "2026-10-06T09:00+02:00", 0, true), entry(3, "2026-10-07T09:00+02:00", 0), entry(4, "2026-10-08T09:00+02:00", 0)};
    CHECK(hard_with(used) == 1);                                             // half of them
    used[1].used = false;
    CHECK(hard_with(used) == 0);
}

TEST_CASE("a hard block at a place with a scene proposes its level once; elsewhere it wishes for a scene once") {
    WithPatient fixture;
    const std::vector<scenes::SceneFile> scenes{bar()};
    must(import_diary(fixture.study, kClinician, "P-7Q4K", file_of(saturdays("bar", 8)), "00"));
    auto home = saturdays("home", 7);
    for (std::size_t i = 0; i < home.size(); ++i) home[i].id = entry(100 + static_cast<int>(i), "", 0).id;
    must(import_diary(fixture.study, kClinician, "P-9XYZ", file_of(home), "01"));
    const auto first = must(propose_steps(fixture.study, kClinician, "P-7Q4K", scenes));
    REQUIRE(first.size() == 1);
    CHECK(first[0].scene == "bar-night");
    CHECK(first[0].level == 3);  // round(8 / 10 * 4)
    CHECK(must(propose_steps(fixture.study, kClinician, "P-7Q4K", scenes)).empty());
    const auto second = must(propose_steps(fixture.study, kClinician, "P-9XYZ", scenes));
    REQUIRE(second.size() == 1);
    CHECK(second[0].scene.empty());
    const auto wishes = must(read_wishes(fixture.study));
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].from == "diary");
    CHECK(wishes[0].theme == "home");
    CHECK_FALSE(propose_steps(fixture.study, kAssessor, "P-7Q4K", scenes));
}

TEST_CASE("a proposal is decided once, with a reason, by somebody who may") {
    WithPatient fixture;
    must(import_diary(fixture.study, kClinician, "P-7Q4K", file_of(saturdays("bar", 8)), "00"));
    must(propose_steps(fixture.study, kClinician, "P-7Q4K", std::vector{bar()}));
    CHECK_FALSE(decide(fixture.study, kClinician, "L0001", true, ""));
    CHECK_FALSE(decide(fixture.study, kAssessor, "L0001", true, "why"));
    CHECK_FALSE(decide(fixture.study, kClinician, "L0002", true, "why"));
    CHECK(must(decide(fixture.study, kClinician, "L0001", false, "too soon")).accepted == std::optional(false));
    const auto again = decide(fixture.study, kClinician, "L0001", true, "why");
    REQUIRE_FALSE(again);
    CHECK(again.error().message == "L0001 was declined already by a.martin");
    const auto all = must(read_proposals(fixture.study, "P-7Q4K"));
    REQUIRE(all.size() == 1);
    CHECK(all[0].reason == "too soon");
    CHECK(must(records::verify(fixture.folder / "study", key_of(5))).ok);
}

TEST_CASE("the simulated patient's week-end nights at the bar are found hard, whatever the seed and the day it ends with") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed)
        for (int day = 10; day < 17; ++day) {
            INFO("seed " << seed << ", until November " << day);
            const auto hard = hard_blocks(kept(simulate_diary(seed, 42, std::format("2026-11-{}", day)).entries));
            REQUIRE_FALSE(hard.empty());
            CHECK(hard.front().weekend);
            CHECK(hard.front().first_hour == 21);
            CHECK(hard.front().place == "bar");
        }
}

TEST_CASE("the shipped bar stands for a bar, and every place and trigger has its words in both languages") {
    const auto scene = must(scenes::find_scene(ACCALMIE_SOURCE_DIR, "bar-night"));
    for (const std::string& place : scene.places) CHECK(find_code(places(), place));
    CHECK(std::ranges::contains(scene.places, "bar"));
    for (const auto codes : {places(), triggers()})
        for (const Code& code : codes) CHECK((!code.words.en.empty() && !code.words.fr.empty()));
}
