// SPDX-License-Identifier: Apache-2.0
// The directory in a study: imports and their versions, search, referrals and their way, the tables, the console's view.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <format>
#include <memory>

#include "clinician/between/directory/referrals.h"
#include "clinician/exports/directory_tables.h"
#include "tests/unit/clinician/records_fixture.h"
#include "tests/unit/clinician/work_view_checks.h"

namespace accalmie::between {
namespace {

using records::test::must;

const records::Account kClinician{"a.martin", records::AccountRole::clinician}, kNurse{"nurse", records::AccountRole::operator_},
    kData{"data", records::AccountRole::data_manager}, kAssessor{"assessor", records::AccountRole::assessor};

DirectoryFile sample() { return must(read_directory_file(must(read_csv_table(ACCALMIE_SOURCE_DIR "/assets/samples/services.csv")))); }

struct World {
    records::test::Folder folder;
    std::unique_ptr<records::Study> study;
    World() : study(std::make_unique<records::Study>(records::test::new_study(folder / "study", records::test::key_of(3)))) {
        must(study->add_patient("", "P-7Q4K"));
    }
    void import() { must(import_directory(*study, kClinician, sample(), "aa", false)); }
    Referral refer(const std::string& on = "2026-11-02", const std::string& service = "990000002") {
        const auto path = folder / std::format("letter-{}.pdf", letters++);
        return must(make_referral(*study, kClinician, {.pseudonym = "P-7Q4K", .service = service, .reason = "Souhaite parler du cannabis", .on = on, .letter_path = path}));
    }
    Result<Referral> track(const std::string& id, ReferralStep step, const std::string& on) { return track_referral(*study, kClinician, id, step, on, "2026-11-24"); }
    std::int64_t rows() {
        std::int64_t count = 0;
        must(study->ledger().read("", [&](const records::Row&) { ++count; }));
        return count;
    }
    int letters = 0;
};

std::vector<std::string> ids(const Directory& directory, const DirectorySearch& wanted) {
    std::vector<std::string> out;
    for (const auto& hit : search(directory, wanted)) out.push_back(directory.services[hit.index].id);
    return out;
}

}  // namespace

TEST_CASE("what was imported is read back as it was, and the newest import is the current directory", "[directory]") {
    World world;
    CHECK(must(read_directory(*world.study)).about.version == 0);
    world.import();
    CHECK(must(read_directory(*world.study)).services == sample().services);
    auto changed = sample();
    changed.services.pop_back();
    changed.services.front().opening = "fermé en août";
    const auto second = must(import_directory(*world.study, kData, changed, "bb", false));
    CHECK(second.is_new);
    CHECK(second.about.version == 2);
    CHECK(must(read_directory(*world.study)).services == changed.services);
    CHECK(must(read_directory(*world.study, 1)).services == sample().services);
    CHECK_FALSE(read_directory(*world.study, 3));
    const auto versions = must(directory_versions(*world.study));
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].rows == 40);
    CHECK(versions[1].by == "data");
    CHECK(versions[1].sha == "bb");
}

TEST_CASE("the same directory again is no new version", "[directory]") {
    World world;
    world.import();
    const auto rows = world.rows();
    const auto again = must(import_directory(*world.study, kClinician, sample(), "aa", false));
    CHECK_FALSE(again.is_new);
    CHECK(again.about.version == 1);
    CHECK(world.rows() == rows);
}

TEST_CASE("a file with wrong lines is imported whole or not at all, unless they are left out on demand", "[directory]") {
    World world;
    const auto rows = world.rows();
    auto file = sample();
    file.problems.push_back({"'x' is not a type of service", "CMP", "f.csv", 7});
    const auto refused = import_directory(*world.study, kClinician, file, "aa", false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().line == 7);
    CHECK(world.rows() == rows);
    CHECK(must(import_directory(*world.study, kClinician, file, "aa", true)).about.skipped == 1);
    CHECK(must(directory_versions(*world.study)).front().skipped == 1);
    CHECK_FALSE(import_directory(*world.study, kClinician, {}, "aa", true));
}

TEST_CASE("who may keep the directory, and who may refer", "[directory]") {
    World world;
    for (const auto& account : {kNurse, kAssessor}) CHECK_FALSE(import_directory(*world.study, account, sample(), "aa", false));
    world.import();
    const NewReferral wanted{.pseudonym = "P-7Q4K", .service = "990000002", .reason = "r", .on = "2026-11-02", .letter_path = world.folder / "no.pdf"};
    for (const auto& account : {kData, kAssessor}) {
        CHECK_FALSE(make_referral(*world.study, account, wanted));
        CHECK_FALSE(std::filesystem::exists(wanted.letter_path));
    }
    CHECK(make_referral(*world.study, kNurse, wanted));
    CHECK_FALSE(track_referral(*world.study, kData, "R0001", ReferralStep::sent, "2026-11-03", "2026-11-24"));
}

TEST_CASE("search finds by words without case or accents, and every filter only narrows", "[directory]") {
    const auto directory = make_directory({.version = 1}, sample().services);
    const auto all = ids(directory, {});
    CHECK(all.size() == 40);
    CHECK(ids(directory, {.text = "REUNION"}).size() == 2);
    CHECK(ids(directory, {.text = "réunion cjc"}) == std::vector<std::string>{"990000030"});
    CHECK(ids(directory, {.text = "cjc réunion"}) == std::vector<std::string>{"990000030"});
    CHECK(ids(directory, {.text = "97500"}) == std::vector<std::string>{"990000032"});
    CHECK(ids(directory, {.text = "nowhere at all"}).empty());
    for (const char* text : {"", "saint", "cmp"})
        for (const std::optional<ServiceType> type : {std::optional<ServiceType>(), std::optional(ServiceType::cjc), std::optional(ServiceType::cmp)})
            for (const std::optional<int> age : {std::optional<int>(), std::optional(15), std::optional(40)})
                for (const char* product : {"", "cannabis"}) {
                    const auto wide = ids(directory, {.text = text, .type = type, .age = age});
                    const auto narrow = ids(directory, {.text = text, .type = type, .age = age, .product = product});
                    for (const auto& id : narrow) {
                        const Service& service = *directory.find(id);
                        CHECK(std::ranges::contains(wide, id));
                        CHECK((!type || service.type == *type));
                        CHECK((!age || (service.age_min.value_or(0) <= *age && *age <= service.age_max.value_or(200))));
                        CHECK((*product == 0 || std::ranges::contains(service.products, product)));
                    }
                }
}

TEST_CASE("with a place the nearest service comes first, and none beyond the limit", "[directory]") {
    auto services = sample().services;
    services.push_back({.id = "X", .name = "Without a position", .town = "Paris"});
    const auto directory = make_directory({.version = 1}, services);
    const auto paris = must(locate(directory, "paris"));
    const auto found = search(directory, {.near = paris});
    REQUIRE(found.size() == 41);
    CHECK(directory.services[found[0].index].town == "Paris");
    CHECK_FALSE(found.back().distance_km);
    CHECK(std::ranges::is_sorted(found.begin(), found.end() - 1, {}, [](const auto& hit) { return *hit.distance_km; }));
    for (const auto& hit : search(directory, {.near = paris, .within_km = 100})) CHECK(*hit.distance_km <= 100);
    CHECK(search(directory, {.near = paris, .within_km = 100}).size() == 4);
    CHECK_THAT(must(locate(directory, "48.85, 2.35")).longitude_deg, Catch::Matchers::WithinAbs(2.35, 1e-12));
    CHECK_FALSE(locate(directory, "95,2"));
    CHECK_FALSE(locate(directory, "Atlantis"));
}

TEST_CASE("the haversine distance holds against distances that are known", "[directory]") {
    const GeoPoint paris{48.8566, 2.3522}, lyon{45.7640, 4.8357};
    CHECK_THAT(distance_km(paris, lyon), Catch::Matchers::WithinAbs(391.5, 1.0));
    CHECK_THAT(distance_km({0, 0}, {0, 180}), Catch::Matchers::WithinAbs(20015.1, 0.1));
    CHECK_THAT(distance_km({0, 179.9}, {0, -179.9}), Catch::Matchers::WithinAbs(22.24, 0.01));
    CHECK(distance_km(paris, paris) == 0);
    CHECK(distance_km(paris, lyon) == distance_km(lyon, paris));
}

TEST_CASE("a referral goes its way and no other", "[directory]") {
    using enum ReferralStep;
    const ReferralStep all[] = {made, sent, received, seen, declined};
    const std::vector<std::pair<ReferralStep, ReferralStep>> right{{made, sent}, {sent, received}, {sent, seen}, {sent, declined}, {received, seen}, {received, declined}};
    for (const ReferralStep before : all)
        for (const ReferralStep next : all) CHECK(may_follow(before, next) == std::ranges::contains(right, std::pair(before, next)));

    World world;
    world.import();
    const auto letter = world.refer();
    CHECK(letter.id == "R0001");
    CHECK(letter.letter_sha == records::to_hex(must(records::file_hash(world.folder / "letter-0.pdf"))));
    const auto early = world.track("R0001", seen, "2026-11-05");
    REQUIRE_FALSE(early);
    CHECK(early.error().hint.contains("sent"));
    CHECK_FALSE(world.track("R0001", sent, "2026-11-01"));   // before the letter
    CHECK_FALSE(world.track("R0001", sent, "2026-11-25"));   // tomorrow
    CHECK_FALSE(world.track("R0001", sent, "2026-02-30"));
    CHECK_FALSE(world.track("R0009", sent, "2026-11-03"));
    must(world.track("R0001", sent, "2026-11-03"));
    CHECK_FALSE(must(read_referrals(*world.study)).front().days_to_first_appointment());
    must(world.track("R0001", received, "2026-11-05"));
    must(world.track("R0001", seen, "2026-11-19"));
    CHECK_FALSE(world.track("R0001", declined, "2026-11-20"));
    CHECK(world.refer().id == "R0002");
    const auto kept = must(read_referrals(*world.study));
    CHECK(kept.at(0).days_to_first_appointment() == 16);
    CHECK(kept.at(0).step == seen);
    CHECK(kept.at(1).step == made);
}

TEST_CASE("a referral keeps the name that the directory had when it was made", "[directory]") {
    World world;
    world.import();
    world.refer();
    auto changed = sample();
    std::ranges::find(changed.services, "990000002", &Service::id)->name = "Renamed";
    must(import_directory(*world.study, kClinician, changed, "bb", false));
    CHECK(must(read_referrals(*world.study)).front().service_name == "CJC du Canal (fictif)");
}

TEST_CASE("a letter that cannot be right is not written, and no row either", "[directory]") {
    World world;
    world.import();
    const auto rows = world.rows();
    const NewReferral right{.pseudonym = "P-7Q4K", .service = "990000002", .reason = "r", .on = "2026-11-02", .letter_path = world.folder / "letter.pdf"};
    const auto refused = [&](auto change) {
        NewReferral wanted = right;
        change(wanted);
        const bool failed = !make_referral(*world.study, kClinician, wanted);
        return failed && !std::filesystem::exists(world.folder / "letter.pdf") && world.rows() == rows;
    };
    CHECK(refused([](auto& w) { w.pseudonym = "P-NONE"; }));
    CHECK(refused([](auto& w) { w.service = "1"; }));
    CHECK(refused([](auto& w) { w.reason = " \n"; }));
    CHECK(refused([](auto& w) { w.reason = "\xff"; }));
    CHECK(refused([](auto& w) { w.on = "2 November"; }));
    CHECK(refused([&](auto& w) { w.letter_path = world.folder / "no-such-folder/letter.pdf"; }));
    std::string long_reason;
    for (int i = 0; i < 60; ++i) long_reason += "a line\n";
    CHECK(refused([&](auto& w) { w.reason = long_reason; }));
    must(make_referral(*world.study, kClinician, right));
    const auto letter = records::test::bytes_of(right.letter_path);
    CHECK_FALSE(make_referral(*world.study, kClinician, right));  // an earlier letter is not overwritten
    CHECK(records::test::bytes_of(right.letter_path) == letter);
}

TEST_CASE("neither the reason nor a name stands in the ledger", "[directory]") {
    World world;
    world.import();
    must(make_referral(*world.study, kClinician, {.pseudonym = "P-7Q4K", .service = "990000002", .reason = "UNMISTAKABLE", .on = "2026-11-02", .letter_path = world.folder / "l.pdf"}));
    must(world.study->ledger().read("", [](const records::Row& row) { CHECK_FALSE(row.payload.contains("UNMISTAKABLE")); }));
}

TEST_CASE("the tables have the current services and every referral", "[directory]") {
    World world;
    world.import();
    world.refer();
    must(world.track("R0001", ReferralStep::sent, "2026-11-03"));
    const auto tables = must(exports::directory_tables(*world.study));
    REQUIRE(tables.size() == 2);
    CHECK(tables[0].rows() == 40);
    CHECK(tables[1].rows() == 1);
    for (const auto& table : tables) CHECK(table.whole());
    CHECK(tables[1].csv().contains("R0001,P-7Q4K,990000002,1,sent,2026-11-02,2026-11-03,"));
}

TEST_CASE("the view of the directory is whole in both languages: empty, full, and with a service chosen", "[directory][console]") {
    World world;
    const std::string root = ACCALMIE_SOURCE_DIR;
    const std::optional<records::Account> account = kClinician;
    const console::WorkContext context{*world.study, root, account};
    test::check_work_view(context, "directory");
    world.import();
    test::check_work_view(context, "directory");
    for (int i = 0; i < 5; ++i) world.refer();
    must(world.track("R0004", ReferralStep::sent, "2026-11-03"));
    must(world.track("R0005", ReferralStep::sent, "2026-11-03"));
    must(world.track("R0005", ReferralStep::seen, "2026-11-19"));
    must(world.track("R0004", ReferralStep::declined, "2026-11-19"));
    test::check_work_view(context, "directory", [&](test::Frames& frames, console::WorkbenchState& state) {
        test::click_in_workbench(frames, context, state, "directory.type_CJC");
        test::click_in_workbench(frames, context, state, "directory.row_990000006");
    });
}

TEST_CASE("words typed into the view narrow its list, and a chosen service shows its telephone", "[directory][console]") {
    World world;
    world.import();
    const std::string root = ACCALMIE_SOURCE_DIR;
    const std::optional<records::Account> account = kClinician;
    const console::WorkContext context{*world.study, root, account};
    test::Frames frames("fr", 1600, 900, 1);
    console::WorkbenchState state;
    REQUIRE(state.show("directory"));
    console::load_shown(context, state);
    test::step_workbench(frames, context, state, 2);
    const auto rows = [&] { return std::ranges::count_if(frames.ui().items(), [](const auto& item) { return item.id.starts_with("directory.row_"); }); };
    CHECK(rows() >= 8);
    test::click_in_workbench(frames, context, state, "directory.search");
    test::type_in_workbench(frames, context, state, "noumea");
    CHECK(rows() == 1);
    test::click_in_workbench(frames, context, state, "directory.row_990000036");
    CHECK(std::ranges::any_of(frames.ui().items(), [](const auto& item) { return item.label == "06 39 98 36 32"; }));
}

}  // namespace accalmie::between
