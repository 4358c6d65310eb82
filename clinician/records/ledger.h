// SPDX-License-Identifier: Apache-2.0
// Owns: the append-only ledger of one study (study.db, SQLCipher). Rows are chained by BLAKE2b-256; a correction is a new row that
// names the row it replaces and why. Never: updates or deletes, opens a file that SQLCipher does not encrypt.
// Durability: journal_mode=WAL, synchronous=FULL; append() returns after the transaction is on disk, so what it returned is acknowledged.
// Units: session time in ms, monotonic time in ns. Thread: one owner.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

struct sqlite3;  // SQLCipher's

namespace accalmie::records {

using Hash = std::array<std::uint8_t, 32>;  // BLAKE2b-256
std::string to_hex(std::span<const std::uint8_t> bytes);

struct Key {                                // 256 random bits; wiped when it goes
    std::array<std::uint8_t, 32> bytes{};
    Key() = default;
    Key(const Key&) = default;
    Key& operator=(const Key&) = default;
    ~Key();
    static Key random();
    static Result<Key> read_file(const std::string& path);    // 64 hex digits
    Result<void> write_file(const std::string& path) const;   // mode 0600, refuses to overwrite
};

enum class RowClass : std::uint8_t { decision, measurement };

struct NewRow {
    std::string session;        // session id, "" for study rows
    std::int64_t t_ms = 0;      // session time
    RowClass row_class = RowClass::decision;
    std::string kind;           // "session.start", "rating", "command.show_scene", "nir.verdict", ...
    std::string payload;        // canonical JSON (sorted keys, no spaces)
    std::string actor;          // account or "simulated-patient"
    std::string role;           // clinician, patient, timer, player, system
    std::optional<std::int64_t> supersedes;
    std::string reason;         // required with supersedes
};

struct Row : NewRow {
    std::int64_t sequence = 0;
    std::string utc;            // ISO 8601 with offset
    std::int64_t monotonic_ns = 0;
    std::string boot_id;
    Hash previous{}, hash{};
};

class Ledger {
public:
    static Result<Ledger> create(const std::string& path, const Key& key);
    static Result<Ledger> open(const std::string& path, const Key& key, bool read_only = false);
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    // Both return the sequence of the last row written. A full disk is an Error that says so, nothing of the call is recorded and the
    // ledger takes rows again once there is room. After a failed fsync nobody knows what is on disk: the ledger then refuses every
    // further row (usable() is false) until it is opened again, which reads back what the disk really holds.
    Result<std::int64_t> append(const NewRow& row);                      // one transaction
    Result<std::int64_t> append(std::span<const NewRow> rows);           // one transaction, for measurements
    Result<void> read(std::string_view session, const std::function<void(const Row&)>& visit) const;  // "" : every row
    Result<Hash> head() const;                                           // hash of the last row on disk; zeros when there is none
    bool usable() const;
    sqlite3* handle() const;                                             // for tests and the verifier

private:
    struct State;
    explicit Ledger(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// BLAKE2b-256 over the decisions of one session: session time, kind and payload, in order. Depends on seed and inputs alone.
Result<Hash> session_digest(const Ledger& ledger, std::string_view session);

struct VerifyReport {
    bool ok = false;
    std::int64_t rows = 0;
    std::int64_t sessions = 0;
    Hash head{};
    std::vector<std::string> problems;  // "row 41: its hash does not match its content (chain)", with the layer that caught it
    std::vector<std::string> notes;     // worth knowing, no fault of the record: a session that has no end row was interrupted
};
struct VerifyOptions {
    std::optional<Hash> expected_head;  // a head that was printed or sent away: some row has to carry it, or the tail was cut
    bool check_chain = true;            // tests plant a verifier that skips it, to show that their harness would notice
};
// cipher_integrity_check, integrity_check, schema, gap-free sequence, chain, payloads parse, sessions start and end, the anchored head,
// the files that rows of kind "picture" name, every chunk of every session's stream. An Error only when the study could not be read at all.
Result<VerifyReport> verify(const std::string& study_directory, const Key& key, const VerifyOptions& options = {});

Result<Hash> file_hash(const std::string& path);  // BLAKE2b-256, the "sha" of payloads (b2sum -l 256 gives the same)
std::optional<Hash> hash_from_hex(std::string_view hex);

}  // namespace accalmie::records
