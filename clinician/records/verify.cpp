// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/ledger.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <format>
#include <fstream>
#include <map>
#include <set>

#include <nlohmann/json.hpp>
#include <sqlcipher/sqlite3.h>

#include "clinician/records/anchor.h"
#include "clinician/records/connection.h"
#include "clinician/records/frame_record.h"
#include "clinician/records/hashing.h"
#include "clinician/records/schema.h"
#include "clinician/records/stream.h"
#include "clinician/records/study.h"

namespace accalmie::records {
namespace {

constexpr std::size_t most_problems = 200;  // a ruined file should not fill the screen

struct SessionSeen {
    bool started = false, ended = false;
    std::optional<nlohmann::json> stream;  // the row that closed its stream
};

// The pages whose newest form is in the write-ahead log. A power cut while the log was copied into the main file leaves torn pages
// there; SQLite reads these from the log, so they are no damage. integrity_check reads every page the way SQLite does.
std::set<std::uint32_t> pages_in_log(const std::string& database_path) {
    std::set<std::uint32_t> pages;
    std::ifstream file(database_path + "-wal", std::ios::binary);
    std::array<std::uint8_t, 32> header{};
    if (!file.read(reinterpret_cast<char*>(header.data()), header.size())) return pages;
    const auto number = [](const std::uint8_t* at) { return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3]; };
    const std::uint32_t page_size = number(&header[8]);
    std::array<std::uint8_t, 24> frame{};
    while (file.read(reinterpret_cast<char*>(frame.data()), frame.size())) {
        if (!std::equal(&frame[8], &frame[16], &header[16])) break;  // left over from before the log began anew
        pages.insert(number(frame.data()));
        file.seekg(page_size, std::ios::cur);
    }
    return pages;
}

// "HMAC verification failed for page 12", "page 12 has an invalid size of ..."
std::uint32_t page_of(const std::string& finding) {
    std::uint32_t page = 0;
    const std::size_t at = finding.find("page ");
    if (at != std::string::npos) std::from_chars(finding.data() + at + 5, finding.data() + finding.size(), page);
    return page;
}

class Verifier {
public:
    Verifier(std::string directory, const Key& key, const VerifyOptions& options) : directory_(std::move(directory)), key_(key), options_(options) {}
    Result<VerifyReport> run();

private:
    void problem(std::string text) {
        if (report_.problems.size() < most_problems) report_.problems.push_back(std::move(text));
    }
    void pages(const db::Connection& connection, const char* pragma, const std::set<std::uint32_t>& elsewhere = {});
    void schema(const db::Connection& connection);
    void rows(const Ledger& ledger);
    void row(const Row& row);
    void picture(const Row& row, const nlohmann::json& payload);
    void sessions();
    void streams();
    void stream(const std::string& session, const SessionSeen& seen);
    void anchor();
    void vault();

    std::string directory_;
    const Key& key_;
    const VerifyOptions& options_;
    VerifyReport report_;
    std::map<std::string, SessionSeen> sessions_;
    std::map<std::int64_t, Hash> heads_;
    std::int64_t expected_sequence_ = 1;
    Hash previous_{};
};

// Both pragmas give a row a finding; integrity_check says "ok" when there is none.
void Verifier::pages(const db::Connection& connection, const char* pragma, const std::set<std::uint32_t>& elsewhere) {
    auto statement = db::Statement::prepare(connection.handle(), std::format("PRAGMA {}", pragma));
    if (!statement) return problem(std::format("{} could not run: {}", pragma, statement.error().message));
    int code = SQLITE_ROW;
    while ((code = statement->step()) == SQLITE_ROW)
        if (const std::string finding = statement->text(0); finding != "ok" && !elsewhere.contains(page_of(finding))) problem(std::format("{} ({})", finding, pragma));
    if (code != SQLITE_DONE) problem(std::format("{} stopped: {}", pragma, sqlite3_errmsg(connection.handle())));
}

void Verifier::schema(const db::Connection& connection) {
    auto differences = db::schema_differences(connection);
    if (!differences) return problem(differences.error().message + " (schema)");
    for (const std::string& difference : *differences) problem(difference + " (schema)");
}

void Verifier::row(const Row& row) {
    ++report_.rows;
    if (row.sequence == expected_sequence_ + 1)
        problem(std::format("row {} is missing (sequence)", expected_sequence_));
    else if (row.sequence != expected_sequence_)
        problem(std::format("rows {} to {} are missing (sequence)", expected_sequence_, row.sequence - 1));
    expected_sequence_ = row.sequence + 1;
    if (options_.check_chain) {
        if (row_hash(row) != row.hash) problem(std::format("row {}: its hash does not match its content (chain)", row.sequence));
        if (row.previous != previous_) problem(std::format("row {}: it does not follow the row before it (chain)", row.sequence));
    }
    previous_ = row.hash;
    heads_[row.sequence] = row.hash;
    const auto payload = nlohmann::json::parse(row.payload, nullptr, false);
    if (payload.is_discarded() || !payload.is_object()) return problem(std::format("row {}: its payload is not a JSON object (payload)", row.sequence));
    if (row.supersedes && (*row.supersedes >= row.sequence || row.reason.empty()))
        problem(std::format("row {}: a correction of row {} without a reason or before its time (payload)", row.sequence, *row.supersedes));
    if (row.kind == "picture") picture(row, payload);
    if (row.session.empty()) return;
    SessionSeen& seen = sessions_[row.session];
    if (row.kind == "session.start") {
        if (seen.started) problem(std::format("row {}: session {} starts a second time (sessions)", row.sequence, row.session));
        seen.started = true;
    } else if (!seen.started) {
        problem(std::format("row {}: session {} has not started yet (sessions)", row.sequence, row.session));
        seen.started = true;
    }
    if (row.kind == "session.end") seen.ended = true;
    if (row.kind == "stream") seen.stream = payload;
}

// A picture inside the study belongs to the record; one kept elsewhere may have moved with its folder.
void Verifier::picture(const Row& row, const nlohmann::json& payload) {
    namespace fs = std::filesystem;
    const std::string name = payload.value("file", nlohmann::json()).is_string() ? payload["file"].get<std::string>() : std::string();
    const std::string sha = payload.value("sha", nlohmann::json()).is_string() ? payload["sha"].get<std::string>() : std::string();
    if (name.empty() || sha.empty()) return problem(std::format("row {}: a picture without file or sha (pictures)", row.sequence));
    const fs::path path = fs::path(directory_) / name;
    const bool outside = fs::path(name).is_absolute() || fs::path(name).lexically_normal().string().starts_with("..");
    auto hash = file_hash(path.string());
    if (!hash && outside) report_.notes.push_back(std::format("row {}: picture {} is kept outside the study and is not there", row.sequence, name));
    else if (!hash) problem(std::format("row {}: picture {} is missing (pictures)", row.sequence, name));
    else if (to_hex(*hash) != sha) problem(std::format("row {}: picture {} is not the one that was recorded (pictures)", row.sequence, name));
}

void Verifier::rows(const Ledger& ledger) {
    auto read = ledger.read("", [&](const Row& each) { row(each); });
    if (!read) problem(std::format("after row {}: {} (rows)", expected_sequence_ - 1, read.error().message));
    report_.head = previous_;
    if (report_.rows == 0 && read) problem("the ledger has no rows (sequence)");
    if (!options_.expected_head) return;
    bool found = false;
    for (const auto& [sequence, head] : heads_) found = found || head == *options_.expected_head;
    if (!found) problem("no row carries the expected head: rows were cut off or changed (head)");
}

void Verifier::sessions() {
    for (const auto& [id, seen] : sessions_) {
        ++report_.sessions;
        if (!seen.ended) report_.notes.push_back(std::format("session {} was interrupted: it has no end row", id));
    }
}

// A stream that was closed has to be what its row says; one whose writer was killed keeps its whole chunks.
void Verifier::stream(const std::string& session, const SessionSeen& seen) {
    const std::string path = stream_path(directory_, session);
    if (!seen.stream && !std::filesystem::exists(path)) return;  // a session without a player, or one that never began
    SessionFrames records;
    std::int64_t frames = 0;
    auto content = read_stream(path, session, stream_key(streams_key(key_), session), [&](std::span<const std::uint8_t> chunk) {
        records.take(chunk);
        frames += static_cast<std::int64_t>(records.frames.size());
        records.frames.clear();
    });
    if (!content) return problem(std::format("stream {}: {} (streams)", session, content.error().message));
    for (const std::string& each : content->problems) problem(std::format("stream {}: {}", session, each));
    for (const std::string& each : records.problems) problem(std::format("stream {}: {}", session, each));
    if (!seen.stream) {
        report_.notes.push_back(std::format("stream {} was not closed: {} chunks and {} frames are whole{}", session, content->chunks, frames,
                                            content->torn ? ", one more was cut off while it was written" : ""));
        return;
    }
    const nlohmann::json found = {{"chunks", content->chunks}, {"frames", frames}, {"sha", to_hex(content->sha)}};
    if (found != *seen.stream) problem(std::format("stream {}: it is not the one that was closed, of {} chunks (streams)", session, seen.stream->value("chunks", nlohmann::json()).dump()));
}

void Verifier::streams() {
    for (const auto& [id, seen] : sessions_) stream(id, seen);
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/streams", ignored))
        if (!sessions_.contains(entry.path().stem().string()) || entry.path().extension() != ".stream")
            problem(std::format("stream {}: no session of this study has it (streams)", entry.path().filename().string()));
}

void Verifier::anchor() {
    auto anchor = read_anchor(directory_ + "/study.db", anchor_key(key_));
    if (!anchor) return problem(anchor.error().message + " (head)");
    const auto found = heads_.find(anchor->sequence);
    if (found == heads_.end())
        problem(std::format("rows after {} were cut off: row {} was there when the last session ended (head)", expected_sequence_ - 1, anchor->sequence));
    else if (found->second != anchor->head)
        problem(std::format("row {}: it is not the one that was there when the last session ended (head)", anchor->sequence));
}

void Verifier::vault() {
    const Key key = identity_key(key_);
    auto connection = db::Connection::open(directory_ + "/identity.db", key, db::Mode::read_only);
    if (!connection) return problem("identity.db: " + connection.error().message);
    const std::size_t before = report_.problems.size();
    pages(*connection, "cipher_integrity_check");
    pages(*connection, "integrity_check");
    for (std::size_t i = before; i < report_.problems.size(); ++i) report_.problems[i].insert(0, "identity.db: ");
}

Result<VerifyReport> Verifier::run() {
    const std::string path = directory_ + "/study.db";
    {
        auto connection = db::Connection::open(path, key_, db::Mode::read_only);
        if (!connection) return std::unexpected(connection.error());
        pages(*connection, "cipher_integrity_check", pages_in_log(path));
        pages(*connection, "integrity_check");
        schema(*connection);
    }
    if (auto ledger = Ledger::open(path, key_, true))
        rows(*ledger);
    else
        problem(ledger.error().message + " (rows)");
    sessions();
    streams();
    anchor();
    vault();
    report_.ok = report_.problems.empty();
    return std::move(report_);
}

}  // namespace

Result<VerifyReport> verify(const std::string& study_directory, const Key& key, const VerifyOptions& options) {
    return Verifier(study_directory, key, options).run();
}

}  // namespace accalmie::records
