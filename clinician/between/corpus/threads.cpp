// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/corpus/threads.h"

#include <map>

#include <nlohmann/json.hpp>

namespace accalmie::between {
namespace {

using nlohmann::json;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
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
