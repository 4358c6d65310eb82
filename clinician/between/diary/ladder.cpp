// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/diary/ladder.h"

#include <algorithm>
#include <cmath>
#include <format>

#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"
#include "clinician/between/wishes.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestReason = 1000;  // bytes

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

template <class Number>
Number number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number() ? found->get<Number>() : Number{};
}

json payload_of(const Proposal& proposal) {
    json payload{{"entries", proposal.entries}, {"first_hour", proposal.first_hour}, {"mean_craving", proposal.mean_craving}, {"place", proposal.place}, {"proposal", proposal.id},
                 {"pseudonym", proposal.pseudonym}, {"used", proposal.used}, {"weekend", proposal.weekend}};
    if (!proposal.scene.empty()) {
        payload["scene"] = proposal.scene;
        payload["level"] = proposal.level;
    }
    return payload;
}

Proposal proposal_of(const json& payload) {
    Proposal proposal{.id = text_of(payload, "proposal"), .pseudonym = text_of(payload, "pseudonym")};
    const auto weekend = payload.find("weekend");
    proposal.weekend = weekend != payload.end() && *weekend == json(true);
    proposal.first_hour = std::clamp(number_of<int>(payload, "first_hour"), 0, 23);
    proposal.place = text_of(payload, "place");
    proposal.scene = text_of(payload, "scene");
    proposal.level = number_of<int>(payload, "level");
    proposal.entries = number_of<int>(payload, "entries");
    proposal.used = number_of<int>(payload, "used");
    proposal.mean_craving = number_of<double>(payload, "mean_craving");
    return proposal;
}

// One wish a place is enough: that another patient's week asks for it too changes nothing.
Result<void> wish_for(records::Study& study, const records::Account& account, const std::string& place) {
    auto wishes = read_wishes(study);
    if (!wishes) return std::unexpected(std::move(wishes.error()));
    const Code* code = find_code(places(), place);
    const std::string theme = code ? std::string(code->code) : place;
    if (std::ranges::any_of(*wishes, [&](const Wish& wish) { return wish.from == "diary" && wish.theme == theme; })) return {};
    auto made = make_wish(study, account, "diary", theme, "A hard block of hours in a diary lies there, and no scene stands for it");
    if (!made) return std::unexpected(std::move(made.error()));
    return {};
}

}  // namespace

std::optional<LadderStep> step_for(const HardBlock& hard, std::span<const scenes::SceneFile> scenes) {
    for (const scenes::SceneFile& scene : scenes) {
        if (scene.kind != scenes::SceneKind::cue || !std::ranges::contains(scene.places, hard.place)) continue;
        const int highest = static_cast<int>(scene.levels.size()) - 1;
        const int level = static_cast<int>(std::lround(hard.block.mean_craving() / kMostCraving * highest));
        return LadderStep{scene.name, std::clamp(level, std::min(1, highest), highest)};
    }
    return std::nullopt;
}

Result<std::vector<Proposal>> read_proposals(const records::Study& study, const std::string& pseudonym) {
    std::vector<Proposal> all;
    auto read = study.ledger().read("", [&](const records::Row& row) {
        if (row.kind != "ladder.proposed" && row.kind != "ladder.decided") return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        if (row.kind == "ladder.proposed") return all.push_back(proposal_of(payload));
        const auto found = std::ranges::find(all, text_of(payload, "proposal"), &Proposal::id);
        if (found == all.end() || found->accepted) return;
        const auto accepted = payload.find("accepted");
        found->accepted = accepted != payload.end() && *accepted == json(true);
        found->reason = text_of(payload, "reason");
        found->decided_by = row.actor;
    });
    if (!read) return std::unexpected(std::move(read.error()));
    if (!pseudonym.empty()) std::erase_if(all, [&](const Proposal& each) { return each.pseudonym != pseudonym; });
    return all;
}

Result<std::vector<Proposal>> propose_steps(records::Study& study, const records::Account& account, const std::string& pseudonym, std::span<const scenes::SceneFile> scenes) {
    if (auto allowed = records::require(account, records::Right::record_clinical); !allowed) return std::unexpected(std::move(allowed.error()));
    if (auto known = know_patient(study, pseudonym); !known) return std::unexpected(std::move(known.error()));
    auto before = read_proposals(study);
    auto diary = read_diary(study, pseudonym);
    if (!before) return std::unexpected(std::move(before.error()));
    if (!diary) return std::unexpected(std::move(diary.error()));
    std::vector<Proposal> fresh;
    std::vector<records::NewRow> rows;
    for (const HardBlock& hard : hard_blocks(*diary)) {
        const auto step = step_for(hard, scenes);
        const std::string scene = step ? step->scene : "";
        const bool there = std::ranges::any_of(*before, [&](const Proposal& each) {
            return each.pseudonym == pseudonym && each.weekend == hard.weekend && each.first_hour == hard.first_hour && each.scene == scene;
        });
        if (there) continue;
        Proposal proposal{.id = std::format("L{:04}", before->size() + fresh.size() + 1), .pseudonym = pseudonym};
        proposal.weekend = hard.weekend;
        proposal.first_hour = hard.first_hour;
        proposal.place = hard.place;
        proposal.scene = scene;
        proposal.level = step ? step->level : 0;
        proposal.entries = hard.block.entries;
        proposal.used = hard.block.used;
        proposal.mean_craving = std::round(hard.block.mean_craving() * 10) / 10;
        rows.push_back(records::row_by(account, "ladder.proposed", payload_of(proposal).dump()));
        fresh.push_back(std::move(proposal));
    }
    if (!rows.empty())
        if (auto written = study.ledger().append(rows); !written) return std::unexpected(std::move(written.error()));
    // Also for those that stand in the record already: a wish that did not come through last time is made up for.
    for (const auto* list : {&*before, &fresh})
        for (const Proposal& each : *list)
            if (each.scene.empty() && each.pseudonym == pseudonym)
                if (auto wished = wish_for(study, account, each.place); !wished) return std::unexpected(std::move(wished.error()));
    return fresh;
}

Result<Proposal> decide(records::Study& study, const records::Account& account, const std::string& id, bool accept, const std::string& reason) {
    if (auto allowed = records::require(account, records::Right::record_clinical); !allowed) return std::unexpected(std::move(allowed.error()));
    auto all = read_proposals(study);
    if (!all) return std::unexpected(std::move(all.error()));
    const auto found = std::ranges::find(*all, id, &Proposal::id);
    if (found == all->end()) return std::unexpected(Error{"there is no proposal " + id.substr(0, 40), "accalmie diary show lists them"});
    if (found->accepted) return std::unexpected(Error{std::format("{} was {} already by {}", id, *found->accepted ? "accepted" : "declined", found->decided_by), "a new proposal comes with new entries"});
    if (reason.find_first_not_of(" \t\r\n") == std::string::npos || reason.size() > kLongestReason || !is_utf8(reason))
        return std::unexpected(Error{"a decision needs a reason, in a sentence", "for example --reason 'agreed with the patient'"});
    const json payload{{"accepted", accept}, {"proposal", id}, {"reason", reason}};
    if (auto written = study.ledger().append(records::row_by(account, "ladder.decided", payload.dump())); !written) return std::unexpected(std::move(written.error()));
    found->accepted = accept;
    found->reason = reason;
    found->decided_by = account.name;
    return *found;
}

}  // namespace accalmie::between
