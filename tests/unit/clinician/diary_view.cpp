// SPDX-License-Identifier: Apache-2.0
// The view of the diaries, driven by its registry.
#include <format>
#include <set>

#include "clinician/between/diary/ladder.h"
#include "clinician/between/diary/simulated_diary.h"
#include "tests/unit/clinician/records_fixture.h"
#include "tests/unit/clinician/work_view_checks.h"

using namespace accalmie;
using namespace accalmie::test;
using namespace accalmie::records::test;

namespace {

struct WithDiary {
    Folder folder;
    records::Study study = new_study(folder / "study", key_of(6));
    std::string root = ACCALMIE_SOURCE_DIR;
    std::optional<records::Account> account = records::Account{"a.martin", records::AccountRole::clinician};
    WorkContext context{study, root, account};
    explicit WithDiary(bool filled = true) {
        must(study.add_patient("", "P-7Q4K"));
        if (!filled) return;
        const auto diary = between::simulate_diary(7, 42, "2026-11-22");
        between::DiaryFile file;
        for (const auto& each : diary.entries) file.entries.push_back({0, each});
        must(between::import_diary(study, *account, "P-7Q4K", file, "00"));
    }
};

}  // namespace

TEST_CASE("the diary's view fits, reads and is reached by keyboard, empty, filled and while deciding") {
    WithDiary empty(false), filled;
    check_work_view(empty.context, "diary");
    check_work_view(filled.context, "diary");
    must(between::propose_steps(filled.study, *filled.account, "P-7Q4K", must(scenes::list_scenes(filled.root))));
    check_work_view(filled.context, "diary", [&](Frames& frames, WorkbenchState& state) {
        click_in_workbench(frames, filled.context, state, "diary.decide_L0001");
    });
}

TEST_CASE("a step is proposed and accepted by clicks alone, and stands in the record") {
    WithDiary fixture;
    Frames frames("en", 1600, 900, 1);
    WorkbenchState state;
    REQUIRE(state.show("diary"));
    load_shown(fixture.context, state);
    step_workbench(frames, fixture.context, state, 2);
    click_in_workbench(frames, fixture.context, state, "diary.propose");
    const auto proposals = must(between::read_proposals(fixture.study));
    REQUIRE_FALSE(proposals.empty());
    click_in_workbench(frames, fixture.context, state, "diary.decide_" + proposals[0].id);
    REQUIRE(frames.ui().find("diary.accept"));
    CHECK_FALSE(frames.ui().find("diary.accept")->enabled);  // a decision needs a reason
    click_in_workbench(frames, fixture.context, state, "diary.reason");
    type_in_workbench(frames, fixture.context, state, "agreed");
    click_in_workbench(frames, fixture.context, state, "diary.accept");
    CHECK(state.problem == "");
    const auto decided = must(between::read_proposals(fixture.study));
    CHECK(decided[0].accepted == std::optional(true));
    CHECK(decided[0].reason == "agreed");
}

TEST_CASE("every patient with a diary can be chosen, however many there are") {
    WithDiary fixture(false);
    std::vector<std::string> all;
    for (int i = 0; i < 23; ++i) {
        all.push_back(std::format("P-{:04}", i));
        must(fixture.study.add_patient("", all.back()));
        between::DiaryFile file;
        file.entries.push_back({0, {std::format("aaaaaaaa-bbbb-4ccc-8ddd-{:012x}", i), "2026-10-03T22:10+02:00", false, 5, 3, "bar", "people"}});
        must(between::import_diary(fixture.study, *fixture.account, all.back(), file, "00"));
    }
    check_work_view(fixture.context, "diary");
    Frames frames("en", 1280, 720, 1);
    WorkbenchState state;
    REQUIRE(state.show("diary"));
    load_shown(fixture.context, state);
    step_workbench(frames, fixture.context, state, 2);
    std::set<std::string> seen;
    for (int page = 0; page < 30 && frames.ui().find("diary.after")->enabled; ++page) {
        for (const Item& item : frames.ui().items())
            if (item.id.starts_with("diary.patient_")) seen.insert(item.id.substr(14));
        click_in_workbench(frames, fixture.context, state, "diary.after");
    }
    for (const Item& item : frames.ui().items())
        if (item.id.starts_with("diary.patient_")) seen.insert(item.id.substr(14));
    CHECK(seen == std::set<std::string>(all.begin(), all.end()));
    click_in_workbench(frames, fixture.context, state, "diary.patient_" + all.back());
    CHECK(frames.ui().find("diary.patient_" + all.back()));
}

TEST_CASE("an assessor sees nothing of a diary") {
    WithDiary fixture;
    fixture.account = records::Account{"assessor", records::AccountRole::assessor};
    Frames frames("en", 1600, 900, 1);
    WorkbenchState state;
    REQUIRE(state.show("diary"));
    load_shown(fixture.context, state);
    step_workbench(frames, fixture.context, state, 2);
    for (const Item& item : frames.ui().items()) CHECK_FALSE(item.label.contains("P-7Q4K"));
    CHECK(frames.ui().find("diary.propose") == nullptr);
}
