// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/study.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <format>
#include <map>
#include <system_error>

#include <nlohmann/json.hpp>
#include <sodium.h>
#include <sqlcipher/sqlite3.h>

#include "clinician/records/connection.h"
#include "clinician/records/stream.h"

namespace accalmie::records {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// No 0 O 1 I L S 5 A E U: nothing to misread on paper, and no words by chance.
constexpr std::string_view pseudonym_alphabet = "2346789BCDFGHJKMNPQRTVWXYZ";

std::string random_pseudonym() {
    std::string pseudonym = "P-";
    for (int i = 0; i < 4; ++i) pseudonym += pseudonym_alphabet[randombytes_uniform(static_cast<std::uint32_t>(pseudonym_alphabet.size()))];
    return pseudonym;
}

bool well_formed(std::string_view pseudonym) {
    return pseudonym.size() >= 3 && pseudonym.size() <= 24 && std::ranges::all_of(pseudonym, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
           });
}

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json payload_of(const Row& row) {
    json payload = json::parse(row.payload, nullptr, false);
    return payload.is_object() ? payload : json::object();
}

NewRow study_row(std::string kind, const json& payload) {
    return {.session = "", .t_ms = 0, .row_class = RowClass::decision, .kind = std::move(kind), .payload = payload.dump(), .actor = "accalmie", .role = "system"};
}

bool is_utf8(const std::string& text) {
    try {
        (void)json(text).dump();
        return true;
    } catch (const json::exception&) {
        return false;
    }
}

Result<void> make_folders(const std::string& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (!error && !fs::is_empty(directory, error) && !error)
        return std::unexpected(Error{.message = directory + " is not empty", .hint = "name a new folder for the study"});
    for (const char* folder : {"exports", "streams"})
        if (!error) fs::create_directories(fs::path(directory) / folder, error);
    if (!error) fs::permissions(directory, fs::perms::owner_all, error);
    if (error) return std::unexpected(Error{.message = std::format("the folder {} cannot be made: {}", directory, error.message()), .hint = "check the path and its rights"});
    return {};
}

Result<void> make_vault(const std::string& path, const Key& key) {
    auto vault = db::Connection::open(path, key, db::Mode::create);
    if (!vault) return std::unexpected(vault.error());
    return vault->run("BEGIN; CREATE TABLE identity(pseudonym TEXT PRIMARY KEY, name TEXT NOT NULL CHECK(name <> '')) STRICT; PRAGMA user_version = 1; COMMIT;");
}

Result<void> keep_name(const std::string& path, const Key& key, const std::string& pseudonym, const std::string& name) {
    auto vault = db::Connection::open(path, key, db::Mode::read_write);
    if (!vault) return std::unexpected(vault.error());
    auto insert = db::Statement::prepare(vault->handle(), "INSERT INTO identity(pseudonym, name) VALUES (?, ?)");
    if (!insert) return std::unexpected(insert.error());
    insert->bind(1, std::string_view(pseudonym));
    insert->bind(2, std::string_view(name));
    if (const int code = insert->step(); code != SQLITE_DONE) return std::unexpected(db::error_of(vault->handle(), code, "the name was not kept"));
    return {};
}

}  // namespace

Key identity_key(const Key& study_key) {
    Key key;
    crypto_kdf_derive_from_key(key.bytes.data(), key.bytes.size(), 1, "accalmie", study_key.bytes.data());
    return key;
}

Result<Study> Study::create(const std::string& directory, const StudyInfo& info, const Key& key) {
    if (info.id.empty()) return std::unexpected(Error{.message = "a study needs an id", .hint = "give a short one, such as DEMO-01"});
    for (const std::string* text : {&info.id, &info.title, &info.site, &info.language})
        if (!is_utf8(*text)) return std::unexpected(Error{.message = "the study's id, title, site and language have to be UTF-8 text"});
    if (auto made = make_folders(directory); !made) return std::unexpected(made.error());
    const Key identity = identity_key(key);
    auto ledger = make_vault(directory + "/identity.db", identity).and_then([&] { return Ledger::create(directory + "/study.db", key); });
    if (ledger) {
        const json payload = {{"id", info.id}, {"title", info.title}, {"site", info.site}, {"language", info.language}, {"rehearsal", info.rehearsal}};
        if (auto row = ledger->append(study_row("study.created", payload)); !row) ledger = std::unexpected(row.error());
    }
    if (!ledger) {
        // The folder was empty before: half a study must not keep the next attempt out.
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(directory, ignored)) fs::remove_all(entry.path(), ignored);
        return std::unexpected(ledger.error());
    }
    return Study(directory, info, std::move(*ledger), identity, records::streams_key(key));
}

Result<Study> Study::open(const std::string& directory, const Key& key, bool read_only) {
    auto ledger = Ledger::open(directory + "/study.db", key, read_only);
    if (!ledger) return std::unexpected(ledger.error());
    std::optional<StudyInfo> info;
    auto read = ledger->read("", [&](const Row& row) {
        if (row.kind != "study.created" || info) return;
        const json payload = payload_of(row);
        info = StudyInfo{.id = text_of(payload, "id"), .title = text_of(payload, "title"), .site = text_of(payload, "site"), .language = text_of(payload, "language")};
        info->rehearsal = payload.value("rehearsal", json()) == json(true);
    });
    if (!read) return std::unexpected(read.error());
    if (!info) return std::unexpected(Error{.message = "the study was never finished: its first row is missing", .hint = "make it again with accalmie study new"});
    return Study(directory, *info, std::move(*ledger), identity_key(key), records::streams_key(key));
}

Result<std::vector<std::string>> Study::patients() const {
    std::vector<std::string> pseudonyms;
    auto read = ledger_.read("", [&](const Row& row) {
        if (row.kind == "patient.added") pseudonyms.push_back(text_of(payload_of(row), "pseudonym"));
    });
    if (!read) return std::unexpected(read.error());
    return pseudonyms;
}

Result<std::string> Study::add_patient(const std::string& name_or_empty) {
    auto taken = patients();
    if (!taken) return std::unexpected(taken.error());
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const std::string pseudonym = random_pseudonym();
        if (!std::ranges::contains(*taken, pseudonym)) return add_patient(name_or_empty, pseudonym);
    }
    return std::unexpected(Error{.message = "no pseudonym is free in this study", .hint = "start a new study"});
}

Result<std::string> Study::add_patient(const std::string& name_or_empty, const std::string& given_pseudonym) {
    if (!well_formed(given_pseudonym))
        return std::unexpected(Error{.message = "a pseudonym is 3 to 24 of A-Z, 0-9 and -", .hint = "leave it out and one is drawn"});
    auto taken = patients();
    if (!taken) return std::unexpected(taken.error());
    if (std::ranges::contains(*taken, given_pseudonym))
        return std::unexpected(Error{.message = "the pseudonym " + given_pseudonym + " is taken in this study", .hint = "leave it out and one is drawn"});
    if (!name_or_empty.empty()) {
        if (!ledger_.usable()) return std::unexpected(Error{.message = "this study takes no rows now", .hint = "open it for recording"});
        if (auto kept = keep_name(directory_ + "/identity.db", identity_, given_pseudonym, name_or_empty); !kept) return std::unexpected(kept.error());
    }
    if (auto row = ledger_.append(study_row("patient.added", {{"pseudonym", given_pseudonym}})); !row) return std::unexpected(row.error());
    return given_pseudonym;
}

Result<std::vector<SessionSummary>> Study::sessions() const {
    std::vector<SessionSummary> list;
    std::map<std::string, std::size_t> places;
    auto read = ledger_.read("", [&](const Row& row) {
        if (row.session.empty()) return;
        const auto [place, fresh] = places.try_emplace(row.session, list.size());
        if (fresh) list.push_back({.id = row.session, .started_utc = row.utc, .outcome = "interrupted"});
        SessionSummary& summary = list[place->second];
        ++summary.rows;
        if (row.kind == "session.start") {
            const json payload = payload_of(row);
            summary.pseudonym = text_of(payload, "pseudonym");
            summary.kind = text_of(payload, "kind");
            summary.protocol = text_of(payload, "protocol");
        } else if (row.kind == "session.end") {
            summary.outcome = text_of(payload_of(row), "outcome");
        }
    });
    if (!read) return std::unexpected(read.error());
    return list;
}

Result<std::string> Study::next_session_id() const {
    auto list = sessions();
    if (!list) return std::unexpected(list.error());
    int last = 0;
    for (const SessionSummary& summary : *list) {
        int number = 0;
        if (summary.id.starts_with('S')) std::from_chars(summary.id.data() + 1, summary.id.data() + summary.id.size(), number);
        last = std::max(last, number);
    }
    return std::format("S{:04}", last + 1);
}

}  // namespace accalmie::records
