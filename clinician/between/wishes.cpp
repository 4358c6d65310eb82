// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/wishes.h"

#include <algorithm>
#include <format>

#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"
#include "clinician/between/folded_text.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// One line of text: what a list and a report can show.
std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Result<void> check(const std::string& what, const std::string& text, std::size_t longest) {
    if (text.empty()) return std::unexpected(Error{"a wish for a scene needs " + what, "say it in a sentence"});
    if (!is_utf8(text)) return std::unexpected(Error{what + " is not UTF-8 text", "type it again"});
    if (text.size() > longest) return std::unexpected(Error{std::format("{} is longer than {} bytes", what, longest), "say it in a sentence"});
    return {};
}

}  // namespace

Result<std::vector<Wish>> read_wishes(const records::Study& study) {
    std::vector<Wish> wishes;
    auto read = study.ledger().read("", [&](const records::Row& row) {
        if (row.kind != "scene.wish") return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        wishes.push_back({text_of(payload, "wish"), text_of(payload, "from"), text_of(payload, "theme"), text_of(payload, "why"), row.utc, row.actor, row.sequence});
    });
    if (!read) return std::unexpected(std::move(read.error()));
    return wishes;
}

Result<Wish> make_wish(records::Study& study, const records::Account& account, const std::string& from, const std::string& theme, const std::string& why) {
    if (from != "corpus" && from != "diary") return std::unexpected(Error{"a wish comes from the corpus or from a diary, not from '" + from + "'", ""});
    if (auto allowed = records::require(account, from == "corpus" ? records::Right::study_corpus : records::Right::record_clinical); !allowed)
        return std::unexpected(std::move(allowed.error()));
    const std::string clean_theme = one_line(theme), clean_why = one_line(why);
    if (auto fine = check("a theme", clean_theme, kLongestTheme); !fine) return std::unexpected(std::move(fine.error()));
    if (auto fine = check("a reason", clean_why, kLongestWhy); !fine) return std::unexpected(std::move(fine.error()));
    auto wishes = read_wishes(study);
    if (!wishes) return std::unexpected(std::move(wishes.error()));
    const auto same = std::ranges::find_if(*wishes, [&](const Wish& each) { return each.from == from && folded(each.theme) == folded(clean_theme); });
    if (same != wishes->end()) return std::unexpected(Error{std::format("a scene about '{}' was wished for already ({})", clean_theme, same->id), "the list of wishes shows why"});
    const std::string id = std::format("W{:04}", wishes->size() + 1);
    const json payload{{"from", from}, {"theme", clean_theme}, {"why", clean_why}, {"wish", id}};
    auto row = study.ledger().append(records::row_by(account, "scene.wish", payload.dump()));
    if (!row) return std::unexpected(std::move(row.error()));
    return Wish{id, from, clean_theme, clean_why, "", account.name, *row};
}

}  // namespace accalmie::between
