// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/projection.h"

#include <algorithm>

#include "records_fixture.h"
#include "records_sample.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

TEST_CASE("running the recorded plan again gives the recorded commands, and so the reasons as values") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const std::string id = must(study.next_session_id());
        record_exposure(study, id, "P-7Q4K", {.seed = seed, .protocol = seed % 2 ? "alcohol-bar" : "short-check", .miss_probability = 0.1, .stop_after_ratings = seed > 4 ? 7 : 0});
        const SessionRecord record = must(read_session(study, id));
        INFO("seed " << seed);
        CHECK(record.replayed);
        REQUIRE(record.plan);
        REQUIRE(record.segments.size() >= 3);
        for (std::size_t i = 0; i < record.segments.size(); ++i) {
            CHECK(record.segments[i].why.has_value());
            if (i > 0) CHECK(record.segments[i].from_ms == record.segments[i - 1].to_ms);
        }
        CHECK(record.segments.back().to_ms == record.length_ms);
        const auto stopped = std::ranges::count_if(record.segments, [](const Segment& each) { return each.why && each.why->code == protocols::ReasonCode::stopped; });
        CHECK((stopped > 0) == (seed > 4));
        CHECK(record.summary.outcome == (seed > 4 ? "stopped" : "completed"));
    }
}

TEST_CASE("a plan that does not parse any more still gives ratings, scenes and recorded reasons") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    Ledger& ledger = study.ledger();
    must(ledger.append(row("S0001", 0, "session.start", R"({"kind":"exposure","plan":"of another time","protocol":"p","pseudonym":"P-7Q4K","seed":7,"version":1})")));
    must(ledger.append(row("S0001", 0, "command.show_scene", R"({"level":2,"reason":"session started","scene":"bar-night","step":0})")));
    must(ledger.append(row("S0001", 100, "command.ask_rating", R"({"request":1,"step":0})")));
    must(ledger.append(rating("S0001", 150, 1, 60)));
    must(ledger.append(row("S0001", 150, "command.hide_rating", R"({"reason":"answered","request":1,"step":0})")));
    must(ledger.append(row("S0001", 200, "command.ask_rating", R"({"request":2,"step":0})")));
    must(ledger.append(row("S0001", 260, "command.hide_rating", R"({"reason":"no answer within 60 ms: recorded as missing","request":2,"step":0})")));
    must(ledger.append(row("S0001", 300, "command.show_calm", R"({"level":0,"reason":"stopped by the patient","scene":"calm-room","step":0})")));
    const SessionRecord record = must(read_session(study, "S0001"));
    CHECK_FALSE(record.plan);
    CHECK_FALSE(record.replayed);
    REQUIRE(record.ratings.size() == 2);
    CHECK(record.ratings[0].value == 60);
    CHECK(record.ratings[0].level == 2);
    CHECK(record.ratings[0].scene == "bar-night");
    CHECK(record.ratings[1].status == RatingStatus::unanswered);
    REQUIRE(record.segments.size() == 2);
    CHECK(record.segments[1].why_english == "stopped by the patient");
    CHECK_FALSE(record.segments[1].why);
}

TEST_CASE("commands that the plan would not have given are noticed") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    record_exposure(study, "S0001", "P-7Q4K", {.protocol = "short-check"});
    CHECK(must(read_session(study, "S0001")).replayed);
    must(study.ledger().append(row("S0001", 9999, "command.show_scene", R"({"level":4,"scene":"bar-night","step":1})")));
    CHECK_FALSE(must(read_session(study, "S0001")).replayed);
}

TEST_CASE("the summary takes baseline, peak and end from the steps that they belong to") {
    const Folder folder;
    Study study = new_study(folder / "study", key_of(3));
    record_exposure(study, "S0001", "P-7Q4K", {.miss_probability = 0});
    SessionRecord record = must(read_session(study, "S0001"));
    std::vector<int> baseline, exposure;
    for (const auto& each : record.ratings) {
        const auto kind = record.plan->steps[static_cast<std::size_t>(each.step)].kind;
        if (kind == protocols::StepKind::baseline) baseline.push_back(*each.value);
        if (kind == protocols::StepKind::exposure) exposure.push_back(*each.value);
    }
    REQUIRE_FALSE(exposure.empty());
    const RatingsSummary summary = summarise(record);
    CHECK(summary.peak == *std::ranges::max_element(exposure));
    CHECK(summary.exposure_end == exposure.back());
    CHECK(summary.end == record.ratings.back().value);
    CHECK(summary.answered == static_cast<int>(record.ratings.size()));
    record.ratings.back().value = *summary.peak / 4;
    CHECK(summarise(record).fall_percent >= 74);
    record.ratings.back().superseded_by = 1;
    CHECK(summarise(record).answered == summary.answered - 1);
}
