// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/diary/diary.h"

#include <algorithm>
#include <format>
#include <set>

#include <nlohmann/json.hpp>

namespace accalmie::between {
namespace {

using nlohmann::json;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_integer() ? found->get<int>() : 0;
}

}  // namespace

Result<void> know_patient(const records::Study& study, const std::string& pseudonym) {
    auto patients = study.patients();
    if (!patients) return std::unexpected(std::move(patients.error()));
    if (std::ranges::contains(*patients, pseudonym)) return {};
    return std::unexpected(Error{std::format("the study has no patient '{}'", pseudonym), "accalmie study patients lists them; accalmie study add-patient makes one"});
}

Result<ImportedDiary> import_diary(records::Study& study, const records::Account& account, const std::string& pseudonym, const DiaryFile& file, const std::string& sha) {
    if (auto allowed = records::require(account, records::Right::record_clinical); !allowed) return std::unexpected(std::move(allowed.error()));
    if (auto known = know_patient(study, pseudonym); !known) return std::unexpected(std::move(known.error()));
    auto kept = read_diary(study);
    if (!kept) return std::unexpected(std::move(kept.error()));
    std::set<std::string> ids;
    for (const KeptEntry& each : *kept) {
        // One phone, two pseudonyms: somebody chose the wrong patient once. Nothing here can tell which time.
        if (each.pseudonym != pseudonym && std::ranges::contains(file.entries, each.entry.id, [](const DiaryFile::Line& line) { return line.entry.id; }))
            return std::unexpected(Error{std::format("entries of this diary are in the record of {} already", each.pseudonym), "is it the right patient?"});
        ids.insert(each.entry.id);
    }
    std::vector<records::NewRow> rows;
    for (const DiaryFile::Line& line : file.entries) {
        const DiaryEntry& entry = line.entry;
        if (ids.contains(entry.id)) continue;
        const json payload{{"at", entry.at}, {"craving", entry.craving}, {"id", entry.id}, {"mood", entry.mood}, {"place", entry.place}, {"pseudonym", pseudonym},
                           {"trigger", entry.trigger}, {"used", entry.used}};
        rows.push_back(records::row_by(account, "diary.entry", payload.dump()));
    }
    const ImportedDiary imported{file.entries.size(), rows.size()};
    if (rows.empty()) return imported;
    const json payload{{"device", file.device}, {"entries", imported.entries}, {"new", imported.new_entries}, {"pseudonym", pseudonym}, {"sha", sha}};
    rows.insert(rows.begin(), records::row_by(account, "diary.imported", payload.dump()));
    if (auto written = study.ledger().append(rows); !written) return std::unexpected(std::move(written.error()));
    return imported;
}

Result<std::vector<KeptEntry>> read_diary(const records::Study& study, const std::string& pseudonym) {
    std::vector<KeptEntry> kept;
    auto read = study.ledger().read("", [&](const records::Row& row) {
        if (row.kind != "diary.entry") return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        KeptEntry each{row.sequence, text_of(payload, "pseudonym"), {}};
        if (!pseudonym.empty() && each.pseudonym != pseudonym) return;
        const auto used = payload.find("used");
        each.entry = {text_of(payload, "id"), text_of(payload, "at"), used != payload.end() && *used == json(true), number_of(payload, "craving"),
                      number_of(payload, "mood"), text_of(payload, "place"), text_of(payload, "trigger")};
        if (local_time(each.entry.at)) kept.push_back(std::move(each));
    });
    if (!read) return std::unexpected(std::move(read.error()));
    std::ranges::stable_sort(kept, {}, [](const KeptEntry& each) { return local_time(each.entry.at)->utc_s; });
    return kept;
}

}  // namespace accalmie::between
