// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/diary_tables.h"

#include "clinician/between/diary/ladder.h"
#include "clinician/between/wishes.h"

namespace accalmie::exports {
namespace {

constexpr Field pseudonym_field{"pseudonym", "string", "Pseudonym of the patient", true};
constexpr Field sequence_field{"sequence", "integer", "Number of the row in the study's ledger that this comes from", true};

Result<Table> entries(const records::Study& study) {
    Table table("diary", "Diary", "One row an entry of a patient's diary, as it was handed over.",
        {sequence_field, pseudonym_field, {"entry", "string", "UUID of the entry", true}, {"at", "string", "Local time with its offset, as the phone wrote it", true},
         {"used", "boolean", "Whether the patient had used", true}, {"craving", "integer", "Craving, 0 to 10", true}, {"mood", "integer", "Mood, 1 (low) to 5 (good)", true},
         {"place", "string", "Where: a code of the form accalmie-diary", true}, {"trigger", "string", "What played a part: a code of the form accalmie-diary", true}},
        {"sequence"});
    auto kept = between::read_diary(study);
    if (!kept) return std::unexpected(std::move(kept.error()));
    for (const auto& each : *kept) {
        table.cell(each.sequence).cell(each.pseudonym).cell(each.entry.id).cell(each.entry.at).cell(std::optional(each.entry.used));
        table.cell(std::int64_t{each.entry.craving}).cell(std::int64_t{each.entry.mood}).cell(FreeText{each.entry.place}).cell(FreeText{each.entry.trigger}).end_row();
    }
    return table;
}

Result<Table> proposals(const records::Study& study) {
    Table table("ladder_proposals", "Proposed steps", "One row a step of the exposure ladder that a hard block of hours proposed, and what the clinician decided.",
        {{"proposal", "string", "Id of the proposal", true}, pseudonym_field, {"weekend", "boolean", "Friday 18:00 to Sunday 18:00, else the week", true},
         {"first_hour", "integer", "First hour of a block of three, local time", true}, {"place", "string", "Most frequent place of the block"},
         {"entries", "integer", "Entries of the block", true}, {"used", "integer", "Entries with use", true}, {"mean_craving", "number", "Mean craving, 0 to 10", true},
         {"scene", "string", "Proposed scene; missing where none ships for the place"}, {"level", "integer", "Proposed cue level"},
         {"accepted", "boolean", "What was decided; missing: nothing yet"}, {"reason", "string", "Why. A leading = + - @ has an apostrophe before it, for spreadsheets"},
         {"decided_by", "string", "Account that decided"}},
        {"proposal"});
    auto all = between::read_proposals(study);
    if (!all) return std::unexpected(std::move(all.error()));
    for (const auto& each : *all) {
        table.cell(each.id).cell(each.pseudonym).cell(std::optional(each.weekend)).cell(std::int64_t{each.first_hour}).cell(FreeText{each.place}).cell(std::int64_t{each.entries});
        table.cell(std::int64_t{each.used}).cell(std::optional(each.mean_craving)).cell(FreeText{each.scene}).cell(each.scene.empty() ? std::nullopt : std::optional<std::int64_t>(each.level));
        table.cell(each.accepted).cell(FreeText{each.reason}).cell(FreeText{each.decided_by}).end_row();
    }
    return table;
}

Result<Table> wishes(const records::Study& study) {
    Table table("scene_wishes", "Wishes for scenes", "One row a scene that somebody wishes for.",
        {{"wish", "string", "Id of the wish", true}, {"from", "string", "Where it comes from", true, {"corpus", "diary"}}, {"theme", "string", "What the scene should stand for", true},
         {"why", "string", "Why", true}, {"by", "string", "Account", true}, sequence_field},
        {"wish"});
    auto all = between::read_wishes(study);
    if (!all) return std::unexpected(std::move(all.error()));
    for (const auto& each : *all) table.cell(each.id).cell(each.from).cell(FreeText{each.theme}).cell(FreeText{each.why}).cell(FreeText{each.by}).cell(each.sequence).end_row();
    return table;
}

}  // namespace

Result<std::vector<Table>> diary_tables(const records::Study& study) {
    std::vector<Table> tables;
    for (const auto make : {&entries, &proposals, &wishes}) {
        auto table = make(study);
        if (!table) return std::unexpected(std::move(table.error()));
        tables.push_back(std::move(*table));
    }
    return tables;
}

}  // namespace accalmie::exports
