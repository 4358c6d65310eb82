// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/ledger.h"

#include <chrono>
#include <ctime>
#include <format>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sqlcipher/sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include "clinician/records/anchor.h"
#include "clinician/records/connection.h"
#include "clinician/records/hashing.h"
#include "clinician/records/schema.h"

namespace accalmie::records {
namespace {

constexpr int checkpoint_pages = 1000;  // SQLite's own default

// One console records in a study. The lock goes with the process, however it ends.
class WriterLock {
public:
    static Result<WriterLock> take(const std::string& database_path) {
        WriterLock lock;
        const std::string path = database_path + ".lock";
        lock.file_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        if (lock.file_ < 0)
            return std::unexpected(Error{.message = "the study's lock cannot be made", .hint = "check that the study's folder is there and yours to write", .file = path});
        if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0)
            return std::unexpected(Error{.message = "another console is recording in this study", .hint = "close it, or open the study for reading only"});
        return lock;
    }
    WriterLock() = default;
    WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    WriterLock& operator=(WriterLock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    ~WriterLock() {
        if (file_ >= 0) ::close(file_);
    }

private:
    int file_ = -1;
};

std::string utc_now() {
    return std::format("{:%FT%T}+00:00", std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

std::int64_t monotonic_now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id.empty() ? "unknown" : id;
}

Error refused(const NewRow& row, std::string why, std::string hint) {
    return {.message = std::format("a row of kind \"{}\" was not recorded: {}", row.kind, why), .hint = std::move(hint)};
}

Result<void> check(const NewRow& row) {
    if (row.kind.empty()) return std::unexpected(refused(row, "it has no kind", "name what happened"));
    if (row.supersedes && row.reason.empty()) return std::unexpected(refused(row, "a correction needs a reason", "say why the earlier row is wrong"));
    for (const std::string* text : {&row.session, &row.kind, &row.actor, &row.role, &row.reason})
        if (text->contains('\0')) return std::unexpected(refused(row, "a field holds a zero byte", "give plain text"));
    const auto json = nlohmann::json::parse(row.payload, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return std::unexpected(refused(row, "its payload is not a JSON object", "give canonical JSON"));
    // The round trip is the definition: sorted keys, no spaces, no key twice, valid UTF-8, shortest numbers.
    if (json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) != row.payload)
        return std::unexpected(refused(row, "its payload is not canonical JSON", "sort the keys, leave out spaces, write each key once"));
    return {};
}

bool closes_a_chapter(const NewRow& row) { return row.kind == "study.created" || row.kind == "session.end" || row.kind == "export"; }

}  // namespace

struct Ledger::State {
    // The statement is finalised before the connection closes, the lock goes last.
    WriterLock lock;
    db::Connection connection;
    db::Statement insert;
    Key anchor;
    std::string path, boot;
    Hash head{};
    std::int64_t next_sequence = 1;
    int pages_in_wal = 0;
    bool read_only = false, dead = false;

    explicit State(db::Connection opened) : connection(std::move(opened)) {}
    Result<void> start();
    Result<void> insert_row(const Row& row);
    Result<std::int64_t> write(std::span<const NewRow> rows);
    void checkpoint();
    Error failed(int code);
};

Result<void> Ledger::State::start() {
    auto statement = db::Statement::prepare(connection.handle(), "SELECT sequence, hash FROM ledger ORDER BY sequence DESC LIMIT 1");
    if (!statement) return std::unexpected(statement.error());
    const int code = statement->step();
    if (code == SQLITE_ROW) {
        const auto last = statement->hash(1);
        if (!last) return std::unexpected(Error{.message = "the last row of the ledger has no hash", .hint = "run accalmie study verify"});
        next_sequence = statement->integer(0) + 1;
        head = *last;
    } else if (code != SQLITE_DONE) {
        return std::unexpected(db::error_of(connection.handle(), code, "the ledger could not be read"));
    }
    if (read_only) return {};
    boot = boot_id();
    auto prepared = db::Statement::prepare(connection.handle(),
        "INSERT INTO ledger(sequence, session, t_ms, class, kind, payload, actor, role, supersedes, reason, utc, monotonic_ns, boot_id, previous, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!prepared) return std::unexpected(prepared.error());
    insert = std::move(*prepared);
    sqlite3_wal_hook(connection.handle(), [](void* pages, sqlite3*, const char*, int count) { *static_cast<int*>(pages) = count; return SQLITE_OK; }, &pages_in_wal);
    return {};
}

Error Ledger::State::failed(int code) {
    sqlite3* database = connection.handle();
    const bool full = db::disk_is_full(database, code);
    Error error = db::error_of(database, code, "the row was not recorded");
    insert.reset();
    const bool rolled_back = sqlite3_get_autocommit(database) != 0 || sqlite3_exec(database, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK;
    // After any other failed write or fsync the kernel may have dropped the pages: only a fresh look at the disk tells what is there.
    dead = !rolled_back || (!full && (code & 0xff) == SQLITE_IOERR);
    if (dead) error.hint = "the disk failed: nothing more is recorded through this connection; open the study again, and check the disk";
    return error;
}

Result<void> Ledger::State::insert_row(const Row& row) {
    insert.reset();
    insert.bind(1, row.sequence);
    insert.bind(2, row.session);
    insert.bind(3, row.t_ms);
    insert.bind(4, static_cast<std::int64_t>(row.row_class));
    insert.bind(5, row.kind);
    insert.bind(6, row.payload);
    insert.bind(7, row.actor);
    insert.bind(8, row.role);
    if (row.supersedes) insert.bind(9, *row.supersedes);
    insert.bind(10, row.reason);
    insert.bind(11, row.utc);
    insert.bind(12, row.monotonic_ns);
    insert.bind(13, row.boot_id);
    insert.bind(14, std::span<const std::uint8_t>(row.previous));
    insert.bind(15, std::span<const std::uint8_t>(row.hash));
    const int code = insert.step();
    if (code != SQLITE_DONE) return std::unexpected(failed(code));
    insert.reset();
    return {};
}

Result<std::int64_t> Ledger::State::write(std::span<const NewRow> rows) {
    sqlite3* database = connection.handle();
    if (const int code = sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr); code != SQLITE_OK) return std::unexpected(failed(code));
    Hash previous = head;
    std::int64_t sequence = next_sequence;
    for (const NewRow& fresh : rows) {
        Row row;
        static_cast<NewRow&>(row) = fresh;
        row.sequence = sequence++;
        row.utc = utc_now();
        row.monotonic_ns = monotonic_now_ns();
        row.boot_id = boot;
        row.previous = previous;
        row.hash = previous = row_hash(row);
        if (auto done = insert_row(row); !done) return std::unexpected(done.error());
    }
    if (const int code = sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr); code != SQLITE_OK) return std::unexpected(failed(code));
    head = previous;
    next_sequence = sequence;
    return sequence - 1;
}

void Ledger::State::checkpoint() {
    if (pages_in_wal < checkpoint_pages) return;
    // The rows are safe in the log already, so a full disk or a reader in the way only postpones this.
    const int code = sqlite3_wal_checkpoint_v2(connection.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_IOERR && !db::disk_is_full(connection.handle(), code)) dead = true;
    pages_in_wal = 0;
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::create(const std::string& path, const Key& key) {
    auto connection = db::Connection::open(path, key, db::Mode::create);
    if (!connection) return std::unexpected(connection.error());
    auto lock = WriterLock::take(path);
    if (!lock) return std::unexpected(lock.error());
    if (auto done = db::migrate(*connection); !done) return std::unexpected(done.error());
    auto state = std::make_unique<State>(std::move(*connection));
    state->lock = std::move(*lock);
    state->path = path;
    state->anchor = anchor_key(key);
    if (auto done = state->start(); !done) return std::unexpected(done.error());
    return Ledger(std::move(state));
}

Result<Ledger> Ledger::open(const std::string& path, const Key& key, bool read_only) {
    WriterLock lock;
    if (!read_only && ::access(path.c_str(), F_OK) == 0) {
        auto taken = WriterLock::take(path);
        if (!taken) return std::unexpected(taken.error());
        lock = std::move(*taken);
    }
    auto connection = db::Connection::open(path, key, read_only ? db::Mode::read_only : db::Mode::read_write);
    if (!connection) return std::unexpected(connection.error());
    if (auto done = read_only ? db::require_version(*connection) : db::migrate(*connection); !done) return std::unexpected(done.error());
    auto state = std::make_unique<State>(std::move(*connection));
    state->lock = std::move(lock);
    state->path = path;
    state->anchor = anchor_key(key);
    state->read_only = read_only;
    if (auto done = state->start(); !done) return std::unexpected(done.error());
    return Ledger(std::move(state));
}

Result<std::int64_t> Ledger::append(const NewRow& row) { return append(std::span(&row, 1)); }

Result<std::int64_t> Ledger::append(std::span<const NewRow> rows) {
    if (rows.empty()) return std::unexpected(Error{.message = "nothing to record: no row was given"});
    if (state_->read_only) return std::unexpected(Error{.message = "this study was opened for reading only", .hint = "open it for recording"});
    if (state_->dead)
        return std::unexpected(Error{.message = "the row was not recorded: the disk failed earlier", .hint = "open the study again, and check the disk"});
    for (const NewRow& row : rows) {
        if (auto good = check(row); !good) return std::unexpected(good.error());
        if (row.supersedes && (*row.supersedes < 1 || *row.supersedes >= state_->next_sequence))
            return std::unexpected(refused(row, std::format("row {} that it corrects is not there", *row.supersedes), "name a row of this study"));
    }
    auto sequence = state_->write(rows);
    if (!sequence) return sequence;
    state_->checkpoint();
    // An anchor that could not be written leaves the older one, which still holds.
    for (const NewRow& row : rows)
        if (closes_a_chapter(row)) (void)write_anchor(state_->path, {.sequence = *sequence, .head = state_->head}, state_->anchor);
    return sequence;
}

Result<void> Ledger::read(std::string_view session, const std::function<void(const Row&)>& visit) const {
    auto statement = db::Statement::prepare(handle(),
        std::string("SELECT sequence, session, t_ms, class, kind, payload, actor, role, supersedes, reason, utc, monotonic_ns, boot_id, previous, hash FROM ledger ") +
        (session.empty() ? "" : "WHERE session = ? ") + "ORDER BY sequence");
    if (!statement) return std::unexpected(statement.error());
    if (!session.empty()) statement->bind(1, session);
    int code = SQLITE_ROW;
    while ((code = statement->step()) == SQLITE_ROW) {
        Row row;
        row.sequence = statement->integer(0);
        row.session = statement->text(1);
        row.t_ms = statement->integer(2);
        row.row_class = statement->integer(3) == 0 ? RowClass::decision : RowClass::measurement;
        row.kind = statement->text(4);
        row.payload = statement->text(5);
        row.actor = statement->text(6);
        row.role = statement->text(7);
        if (!statement->is_null(8)) row.supersedes = statement->integer(8);
        row.reason = statement->text(9);
        row.utc = statement->text(10);
        row.monotonic_ns = statement->integer(11);
        row.boot_id = statement->text(12);
        row.previous = statement->hash(13).value_or(Hash{});
        row.hash = statement->hash(14).value_or(Hash{});
        visit(row);
    }
    if (code != SQLITE_DONE) return std::unexpected(db::error_of(handle(), code, "the ledger could not be read"));
    return {};
}

Result<Hash> Ledger::head() const {
    auto statement = db::Statement::prepare(handle(), "SELECT hash FROM ledger ORDER BY sequence DESC LIMIT 1");
    if (!statement) return std::unexpected(statement.error());
    const int code = statement->step();
    if (code == SQLITE_ROW) return statement->hash(0).value_or(Hash{});
    if (code == SQLITE_DONE) return Hash{};
    return std::unexpected(db::error_of(handle(), code, "the ledger could not be read"));
}

bool Ledger::usable() const { return state_ && !state_->read_only && !state_->dead; }
sqlite3* Ledger::handle() const { return state_->connection.handle(); }

}  // namespace accalmie::records
