// SPDX-License-Identifier: Apache-2.0
// The console's view of substance checks: readable at every size and in both languages, and silent about small cells.
#include "device/nir/read.h"
#include "field_fixture.h"
#include "work_view_checks.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;
using namespace accalmie::session;
using namespace accalmie::test;

namespace {

const std::string kRoot = ACCALMIE_SOURCE_DIR;

struct Shown {
    FieldStudy field;
    std::optional<Account> account = field.nurse;
    WorkContext context{*field.study, kRoot, account};
};

std::string all_words(Frames& frames) {
    std::string words;
    for (const Item& item : frames.ui().items()) words += item.label + "\n";
    return words;
}

}  // namespace

TEST_CASE("the field view reads well in both languages, with every verdict in the list") {
    Shown shown;
    const FieldPlace paris{48.7, 2.2, "2026-W47"};
    for (std::uint64_t seed = 1; seed <= 9; ++seed) shown.field.check(nir::SimulatedSample::tablet, seed, paris);
    shown.field.check(nir::SimulatedSample::powder, 2, FieldPlace{-21.1, 55.5, "2026-W48"});
    shown.field.check(nir::SimulatedSample::foreign, 3);
    shown.field.refuse();
    check_work_view(shown.context, "field");
    check_work_view(shown.context, "field", [&](Frames& frames, WorkbenchState& state) { click_in_workbench(frames, shown.context, state, "field.row_S0011"); });
}

TEST_CASE("the field view of a file judged by simulated models, and of an empty study, read well too") {
    Shown shown;
    check_work_view(shown.context, "field");
    const std::string file = shown.field.folder / "x.csv";
    write_bytes(file, nir::write_csv(nir::simulate_table(nir::SimulatedSample::foreign, 1, 5)));
    shown.field.run({.sample = {.spectrum_file = file}, .models = FieldStudy::shipped(), .consent = true});
    check_work_view(shown.context, "field");
}

TEST_CASE("choosing a check shows its card and its own spectrum; small cells stay unsaid") {
    Shown shown;
    shown.field.check(nir::SimulatedSample::foreign, 3, FieldPlace{45.7, 4.8, "2026-W48"});
    shown.field.check(nir::SimulatedSample::tablet, 1, FieldPlace{48.7, 2.2, "2026-W47"});
    shown.field.refuse();
    Frames frames("en", 1600, 900, 1);
    WorkbenchState state;
    REQUIRE(state.show("field"));
    load_shown(shown.context, state);
    step_workbench(frames, shown.context, state, 2);
    CHECK(all_words(frames).contains("Looks like: simulated reference tablet"));  // the newest that was judged
    CHECK(frames.ui().find("field.plot") != nullptr);
    click_in_workbench(frames, shown.context, state, "field.row_S0001");
    CHECK(all_words(frames).contains("None of the known products"));
    CHECK(frames.ui().find("field.plot") != nullptr);
    click_in_workbench(frames, shown.context, state, "field.row_S0003");
    CHECK(all_words(frames).contains("Consent refused: nothing was measured"));
    CHECK(frames.ui().find("field.plot") == nullptr);
    CHECK(all_words(frames).contains("No spectrum was kept"));
    for (const char* secret : {"45.5,4.5", "48.5,2.0", "1 check"}) CHECK_FALSE(all_words(frames).contains(secret));
    CHECK(all_words(frames).contains("No square has 3 checks yet"));
}

TEST_CASE("a cell is on the map from its third check on") {
    Shown shown;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        shown.field.check(nir::SimulatedSample::tablet, seed, FieldPlace{48.7, 2.2, "2026-W47"});
        Frames frames("en", 1600, 900, 1);
        WorkbenchState state;
        REQUIRE(state.show("field"));
        load_shown(shown.context, state);
        step_workbench(frames, shown.context, state, 2);
        INFO(seed);
        CHECK(all_words(frames).contains("3 checks\n") == (seed == 3));  // the chosen check's square says how many
        CHECK(all_words(frames).contains("No square has 3 checks yet") == (seed < 3));
    }
}

TEST_CASE("a blind assessor sees nothing of the checks") {
    Shown shown;
    shown.field.check(nir::SimulatedSample::tablet, 1);
    const std::optional<Account> assessor = Account{.name = "assessor", .role = AccountRole::assessor};
    const WorkContext context{*shown.field.study, kRoot, assessor};
    Frames frames("en", 1600, 900, 1);
    WorkbenchState state;
    REQUIRE(state.show("field"));
    load_shown(context, state);
    step_workbench(frames, context, state, 2);
    CHECK_FALSE(all_words(frames).contains("reference tablet"));
}
