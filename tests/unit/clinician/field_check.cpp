// SPDX-License-Identifier: Apache-2.0
// What a substance check writes, in which order, and what it never writes.
#include <nlohmann/json.hpp>

#include "device/nir/read.h"
#include "field_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;
using namespace accalmie::session;
using nlohmann::json;

namespace {

using Kinds = std::vector<std::string>;
const FieldPlace kPlace{48.7123, 2.2456, "2026-W47"};

}  // namespace

TEST_CASE("a check is written in order: consent before the spectrum, the place last and only with its own consent") {
    FieldStudy field;
    const auto plain = field.check(nir::SimulatedSample::tablet, 1);
    CHECK(field.kinds(plain.session) == Kinds{"session.start", "consent", "nir.spectrum", "nir.values", "nir.result", "session.end"});
    const auto placed = field.check(nir::SimulatedSample::tablet, 2, kPlace);
    CHECK(field.kinds(placed.session) == Kinds{"session.start", "consent", "consent", "nir.spectrum", "nir.values", "nir.result", "nir.place", "session.end"});
    const auto rows = field.rows(placed.session);
    CHECK(json::parse(rows[0].payload) == json({{"kind", "nir-field"}, {"plan", ""}, {"protocol", "nir-field"}, {"pseudonym", ""}, {"seed", 2}, {"version", 1}}));
    CHECK(json::parse(rows[6].payload) == json({{"cell", "48.5,2.0"}, {"week", "2026-W47"}}));
    CHECK(rows[4].t_ms == nir::simulated_scan_ms);
    for (const auto& row : rows) CHECK(row.actor == "nurse");
}

TEST_CASE("no place without consent, and where it was refused the refusal is all that is kept") {
    FieldStudy field;
    const auto refused_place = field.check(nir::SimulatedSample::tablet, 1, kPlace, false);
    CHECK(refused_place.cell.empty());
    CHECK(field.kinds(refused_place.session) == Kinds{"session.start", "consent", "consent", "nir.spectrum", "nir.values", "nir.result", "session.end"});
    const auto nothing = field.refuse();
    CHECK(nothing.outcome == "stopped");
    CHECK(field.kinds(nothing.session) == Kinds{"session.start", "consent", "session.end"});
    CHECK(json::parse(field.rows(nothing.session)[1].payload)["given"] == false);
    for (const auto& row : field.rows("")) {
        CHECK(row.kind != "nir.place");
        if (row.kind != "nir.values" && row.kind != "nir.result") CHECK_FALSE(row.payload.contains("48."));  // axis and content have such numbers
        CHECK_FALSE(row.payload.contains("2026-W47"));
    }
}

TEST_CASE("the place as given is never recorded, and no pseudonym stands in a check's session") {
    FieldStudy field;
    must(field.study->add_patient("Jeanne Fictive", "P-7Q4K"));
    for (const auto sample : {nir::SimulatedSample::tablet, nir::SimulatedSample::foreign}) {
        const auto check = field.check(sample, 3, kPlace);
        for (const auto& row : field.rows(check.session)) {
            CHECK_FALSE(row.payload.contains("48.7123"));
            CHECK_FALSE(row.payload.contains("2.2456"));
            CHECK_FALSE(row.payload.contains("P-"));
            const auto payload = json::parse(row.payload);
            CHECK(payload.value("pseudonym", "") == "");
        }
    }
}

TEST_CASE("numbers are recorded only when one product was identified") {
    FieldStudy field;
    const auto tablet = field.check(nir::SimulatedSample::tablet, 1), powder = field.check(nir::SimulatedSample::powder, 2);
    CHECK(tablet.verdict == "identified");
    CHECK(tablet.unit == "mg");
    CHECK(tablet.model.starts_with("simulated-tablet@"));
    CHECK(tablet.interval_low.value() < 50);
    CHECK(tablet.interval_high.value() > 50);
    CHECK(powder.model.starts_with("simulated-powder@"));
    CHECK(powder.unit == "%");
    for (const auto sample : {nir::SimulatedSample::foreign, nir::SimulatedSample::mixture}) {
        const auto check = field.check(sample, 3);
        CHECK(check.verdict == "none of these");
        const auto result = json::parse(field.rows(check.session)[4].payload);
        CHECK(result["judged"].size() == 2);
        for (const char* name : {"value", "interval_low", "interval_high", "model", "unit"}) CHECK_FALSE(result.contains(name));
    }
}

TEST_CASE("what is read back is what was written") {
    FieldStudy field;
    const std::vector<FieldCheck> written{field.check(nir::SimulatedSample::powder, 5, kPlace), field.refuse(), field.check(nir::SimulatedSample::mixture, 6)};
    const auto read = must(field_checks(*field.study));
    REQUIRE(read.size() == written.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        INFO(i);
        CHECK(read[i].session == written[i].session);
        CHECK(read[i].outcome == written[i].outcome);
        CHECK(read[i].consent == written[i].consent);
        CHECK(read[i].simulated == written[i].simulated);
        CHECK(read[i].verdict == written[i].verdict);
        CHECK(read[i].model == written[i].model);
        CHECK(read[i].value == written[i].value);
        CHECK(read[i].interval_high == written[i].interval_high);
        CHECK(read[i].judged == written[i].judged);
        CHECK(read[i].cell == written[i].cell);
        CHECK(read[i].week == written[i].week);
        CHECK(read[i].spectrum_sha == written[i].spectrum_sha);
    }
    const auto spectrum = must(spectrum_of(*field.study, read[0].session));
    REQUIRE(spectrum);
    CHECK(spectrum->axis.size() == 125);
    CHECK(spectrum->values == nir::simulate_scan({.sample = nir::SimulatedSample::powder}, 5).values);
    CHECK_FALSE(must(spectrum_of(*field.study, read[1].session)));
}

TEST_CASE("the same seed gives the same digest, whoever measures and wherever") {
    FieldStudy one, two;
    two.nurse.name = "another";
    const auto first = one.check(nir::SimulatedSample::tablet, 9, kPlace), again = two.check(nir::SimulatedSample::tablet, 9, kPlace), other = two.check(nir::SimulatedSample::tablet, 10, kPlace);
    const auto digest = [](const FieldStudy& field, const FieldCheck& check) { return to_hex(must(session_digest(field.study->ledger(), check.session))); };
    CHECK(digest(one, first) == digest(two, again));
    CHECK(digest(two, other) != digest(two, again));
}

TEST_CASE("a wrong place, week, model or right records nothing") {
    FieldStudy field;
    const auto before = field.rows("").size();
    const FieldSetup good{.sample = {.seed = 1}, .models = FieldStudy::shipped(), .consent = true};
    const auto refused = [&](auto&& change) {
        FieldSetup setup = good;
        change(setup);
        return !run_field_check(*field.study, field.nurse, setup).has_value();
    };
    CHECK(refused([](FieldSetup& s) { s.place = FieldPlace{91, 2, "2026-W47"}; }));
    CHECK(refused([](FieldSetup& s) { s.place = FieldPlace{48, 2, "2026-47"}; }));
    CHECK(refused([](FieldSetup& s) { s.models = {"no-such.model"}; }));
    const Account blind{.name = "assessor", .role = AccountRole::assessor};
    CHECK_FALSE(run_field_check(*field.study, blind, good).has_value());
    CHECK(field.rows("").size() == before);
}

TEST_CASE("a file that cannot be read is a recorded fault, and its name stays out of the record") {
    FieldStudy field;
    const std::string file = field.folder / "Jeanne Fictive.csv";
    write_bytes(file, "id,900,901,902\na,1,x,3\n");
    FieldSetup setup{.sample = {.spectrum_file = file}, .models = FieldStudy::shipped(), .consent = true, .place = kPlace, .place_consent = true};
    const auto broken = run_field_check(*field.study, field.nurse, setup);
    REQUIRE_FALSE(broken.has_value());
    CHECK(describe(broken.error()).starts_with(file + ":2:5: "));
    CHECK(field.kinds("S0001") == Kinds{"session.start", "consent", "consent", "fault", "session.end"});
    REQUIRE(nir::write_file(file, nir::write_csv(nir::simulate_table(nir::SimulatedSample::powder, 3, 5))).has_value());
    setup.sample.row = 2;
    const auto check = field.run(setup);
    CHECK(check.spectrum_source == "file, CSV with ','");
    CHECK_FALSE(check.simulated);
    for (const auto& row : field.rows("")) CHECK_FALSE(row.payload.contains("Jeanne"));
    const auto counts = count_checks(must(field_checks(*field.study)));
    CHECK(counts.interrupted == 1);
    CHECK(counts.identified == 1);
}

TEST_CASE("a square is half a degree, named by its south-west corner") {
    CHECK(must(cell_of(48.7, 2.2)) == "48.5,2.0");
    CHECK(must(cell_of(48.5, 2.5)) == "48.5,2.5");
    CHECK(must(cell_of(-21.1, 55.5)) == "-21.5,55.5");
    CHECK(must(cell_of(-0.1, -0.1)) == "-0.5,-0.5");
    CHECK(must(cell_of(0, 0)) == "0.0,0.0");
    CHECK(must(cell_of(-0.0, -0.0)) == "0.0,0.0");
    CHECK(must(cell_of(90, 180)) == "89.5,-180.0");
    CHECK_FALSE(cell_of(90.1, 0).has_value());
    CHECK_FALSE(cell_of(0, std::numeric_limits<double>::quiet_NaN()).has_value());
    const auto corner = corner_of("-21.5,55.5");
    REQUIRE(corner);
    CHECK(corner->south_deg == -21.5);
    CHECK(corner->west_deg == 55.5);
    for (const char* wrong : {"", "48.5", "48.7,2.2", "48.5, 2.0", "99.0,2.0", "a,b"}) CHECK_FALSE(corner_of(wrong));
}

TEST_CASE("a week is one that its year has") {
    for (const char* week : {"2026-W01", "2026-W47", "2026-W53", "2020-W53", "2015-W53"}) CHECK(is_iso_week(week));
    for (const char* wrong : {"", "2026-W00", "2026-W54", "2025-W53", "2027-W53", "2026-47", "2026W47", "26-W47", "2026-W4x", "2026-W470"}) CHECK_FALSE(is_iso_week(wrong));
}

TEST_CASE("a cell with fewer than three checks is not told") {
    std::vector<FieldCheck> checks;
    const auto add = [&](const std::string& cell, int number) {
        for (int i = 0; i < number; ++i) checks.push_back({.outcome = "completed", .consent = true, .verdict = "none of these", .cell = cell});
    };
    add("48.5,2.0", 3);
    add("45.5,4.5", 2);
    add("43.0,5.0", 1);
    add("", 4);
    checks.push_back({.outcome = "stopped"});
    const auto counts = count_checks(checks);
    REQUIRE(counts.cells.size() == 1);
    CHECK(counts.cells[0].cell == "48.5,2.0");
    CHECK(counts.cells[0].checks == 3);
    CHECK(counts.in_small_cells == 3);
    CHECK(counts.without_place == 4);
    CHECK(counts.refused == 1);
    CHECK(counts.none == 10);
    CHECK(counts.shows("48.5,2.0"));
    CHECK_FALSE(counts.shows("45.5,4.5"));
    CHECK_FALSE(counts.shows(""));
}
