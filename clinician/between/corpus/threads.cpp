// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/threads.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <format>
#include <map>

#include <nlohmann/json.hpp>

namespace accalmie::between {
namespace {

using nlohmann::json;
using std::chrono::sys_days;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<int> number(std::string_view digits) {
    int value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return problem == std::errc() && end == digits.data() + digits.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<sys_days> day_of(std::string_view date) {
    if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
    const auto year = number(date.substr(0, 4)), month = number(date.substr(5, 2)), day = number(date.substr(8, 2));
    if (!year || !month || !day || *year < 1980 || *year > 2200) return std::nullopt;
    const std::chrono::year_month_day whole{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)), std::chrono::day(static_cast<unsigned>(*day))};
    return whole.ok() ? std::optional(sys_days(whole)) : std::nullopt;
}

// The week belongs to the year that its Thursday is in.
std::string week_of(sys_days day) {
    const sys_days thursday = day + std::chrono::days(4 - static_cast<int>(std::chrono::weekday(day).iso_encoding()));
    const std::chrono::year year = std::chrono::year_month_day(thursday).year();
    return std::format("{:04}-W{:02}", static_cast<int>(year), (thursday - sys_days(year / 1 / 1)).count() / 7 + 1);
}

Thread thread_of(const json& payload) {
    Thread thread{.id = text_of(payload, "thread"), .forum = text_of(payload, "forum"), .title = text_of(payload, "title"), .date = text_of(payload, "date"),
                  .counted = text_of(payload, "counted"), .theme = text_of(payload, "theme"), .product = text_of(payload, "product"), .author = text_of(payload, "author")};
    if (const auto views = payload.find("views"); views != payload.end() && views->is_number_integer()) thread.views = views->get<std::int64_t>();
    thread.status = author_status(text_of(payload, "status")).value_or(AuthorStatus::regular);
    return thread;
}

}  // namespace

std::string_view name_of(AuthorStatus status) { return status == AuthorStatus::new_ ? "new" : status == AuthorStatus::regular ? "regular" : "confirmed"; }

std::optional<AuthorStatus> author_status(std::string_view name) {
    for (const auto each : {AuthorStatus::new_, AuthorStatus::regular, AuthorStatus::confirmed})
        if (name == name_of(each)) return each;
    return std::nullopt;
}

std::optional<std::string> iso_week(std::string_view date) {
    const auto day = day_of(date);
    return day ? std::optional(week_of(*day)) : std::nullopt;
}

std::optional<std::string> week_after(std::string_view week) {
    if (week.size() != 8 || week.substr(4, 2) != "-W") return std::nullopt;
    const auto year = number(week.substr(0, 4)), count = number(week.substr(6));
    if (!year || !count || *count < 1 || *count > 53) return std::nullopt;
    const sys_days fourth = sys_days(std::chrono::year(*year) / 1 / 4);  // always in the first week
    return week_of(fourth + std::chrono::days(7 * *count));
}

Result<std::vector<Corpus>> read_corpora(const records::Study& study) {
    std::vector<Corpus> corpora;
    std::map<std::string, std::size_t> places;
    auto read = study.ledger().read("", [&](const records::Row& row) {
        if (row.kind != "corpus.imported" && row.kind != "corpus.thread") return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        const std::string id = text_of(payload, "corpus");
        if (row.kind == "corpus.imported") {
            if (places.try_emplace(id, corpora.size()).second) corpora.push_back({id, text_of(payload, "sha"), row.utc, row.actor, {}});
        } else if (const auto place = places.find(id); place != places.end()) {
            corpora[place->second].threads.push_back(thread_of(payload));
        }
    });
    if (!read) return std::unexpected(std::move(read.error()));
    return corpora;
}

}  // namespace accalmie::between
