// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/connection.h"

#include <cerrno>
#include <format>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <sqlcipher/sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace accalmie::records::db {
namespace {

Result<void> give_key(sqlite3* database, const Key& key) {
    // PRAGMA rather than sqlite3_key: the same call then reaches whichever library was loaded, and require_encryption judges it.
    std::string pragma = "PRAGMA key = \"x'" + to_hex(key.bytes) + "'\"";
    const int code = sqlite3_exec(database, pragma.c_str(), nullptr, nullptr, nullptr);
    sodium_memzero(pragma.data(), pragma.size());
    if (code != SQLITE_OK) return std::unexpected(error_of(database, code, "the key could not be set"));
    // Its log would tell the same twice, on stderr, in words that no clinician knows. The first key of a process turns the log on.
    sqlite3_exec(database, "PRAGMA cipher_log_level = NONE", nullptr, nullptr, nullptr);
    return {};
}

Result<void> make_private_file(const std::string& path) {
    // SQLite gives -wal and -shm the mode of the main file.
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) {
        const bool exists = errno == EEXIST;
        return std::unexpected(Error{.message = exists ? std::format("{} is already there", path)
                                                       : std::format("{} cannot be made: {}", path, std::generic_category().message(errno)),
                                     .hint = exists ? "open it, or choose another folder" : "check that the folder exists and is yours"});
    }
    ::close(file);
    return {};
}

Result<void> first_page(sqlite3* database) {
    const int code = sqlite3_exec(database, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    if ((code & 0xff) == SQLITE_NOTADB)
        return std::unexpected(Error{.message = "the key does not open this study",
                                     .hint = "give the key file that was made with it; if this is the one, the file's first page is damaged: restore a backup"});
    return std::unexpected(error_of(database, code, "the study could not be read"));
}

Result<void> harden(sqlite3* database, Mode mode) {
    int on = 0;
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, &on);
    sqlite3_busy_timeout(database, 2000);
    std::string pragmas = "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON; PRAGMA cell_size_check=ON;";
    pragmas += mode == Mode::read_only ? "PRAGMA query_only=ON;" : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;";
    if (const int code = sqlite3_exec(database, pragmas.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
        return std::unexpected(error_of(database, code, "the study could not be opened"));
    return {};
}

}  // namespace

Result<void> require_encryption(sqlite3* database) {
    auto statement = Statement::prepare(database, "PRAGMA cipher_version");
    if (statement && statement->step() == SQLITE_ROW && !statement->text(0).empty()) return {};
    return std::unexpected(Error{.message = "the SQLite library in use does not encrypt (PRAGMA cipher_version is empty); nothing was written",
                                 .hint = "run with SQLCipher (Debian: libsqlcipher1); look for another libsqlite3 in LD_PRELOAD or LD_LIBRARY_PATH"});
}

bool disk_is_full(sqlite3* database, int code) {
    if ((code & 0xff) == SQLITE_FULL) return true;
    if ((code & 0xff) != SQLITE_IOERR) return false;
    const int cause = sqlite3_system_errno(database);
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

Error error_of(sqlite3* database, int code, const std::string& what) {
    if (disk_is_full(database, code))
        return {.message = what + ": the disk is full", .hint = "free some space on the study's disk, then try again; what was acknowledged is safe"};
    Error error{.message = std::format("{}: {}", what, database ? sqlite3_errmsg(database) : sqlite3_errstr(code))};
    if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB) error.hint = "run accalmie study verify, and restore a backup if it finds damage";
    if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY) error.hint = "check that the study's folder is there and yours to write";
    if ((code & 0xff) == SQLITE_BUSY) error.hint = "another program holds the study; close it and try again";
    return error;
}

Result<Connection> Connection::open(const std::string& path, const Key& key, Mode mode) {
    struct stat status{};
    if (mode == Mode::create) {
        if (auto made = make_private_file(path); !made) return std::unexpected(made.error());
    } else if (::stat(path.c_str(), &status) != 0) {
        return std::unexpected(Error{.message = std::format("there is no study here: {} is missing", path),
                                     .hint = "check --study, or make one with accalmie study new"});
    }
    sqlite3* raw = nullptr;
    const int flags = mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK) return std::unexpected(error_of(raw, code, std::format("{} cannot be opened", path)));

    auto ready = require_encryption(raw)
                     .and_then([&] { return give_key(raw, key); })
                     .and_then([&] { return first_page(raw); })
                     .and_then([&] { return harden(raw, mode); });
    if (!ready) {
        if (mode == Mode::create) ::unlink(path.c_str());
        return std::unexpected(ready.error());
    }
    return connection;
}

Connection::Connection(Connection&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
Connection& Connection::operator=(Connection&& other) noexcept {
    std::swap(database_, other.database_);
    return *this;
}
Connection::~Connection() { sqlite3_close_v2(database_); }

Result<void> Connection::run(const std::string& sql) const {
    const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(error_of(database_, code, "the study could not be changed"));
    return {};
}

Result<std::string> Connection::text(const std::string& sql) const {
    auto statement = Statement::prepare(database_, sql);
    if (!statement) return std::unexpected(statement.error());
    const int code = statement->step();
    if (code == SQLITE_ROW) return statement->text(0);
    if (code == SQLITE_DONE) return std::string{};
    return std::unexpected(error_of(database_, code, "the study could not be read"));
}

Result<std::int64_t> Connection::integer(const std::string& sql) const {
    auto statement = Statement::prepare(database_, sql);
    if (!statement) return std::unexpected(statement.error());
    const int code = statement->step();
    if (code == SQLITE_ROW) return statement->integer(0);
    if (code == SQLITE_DONE) return std::int64_t{0};
    return std::unexpected(error_of(database_, code, "the study could not be read"));
}

Result<Statement> Statement::prepare(sqlite3* database, std::string_view sql) {
    Statement statement;
    const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement.statement_, nullptr);
    if (code != SQLITE_OK) return std::unexpected(error_of(database, code, "the study could not be read"));
    return statement;
}

Statement::Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
}
Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }
void Statement::bind(int index, std::string_view value) {
    sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}
void Statement::bind(int index, std::span<const std::uint8_t> value) {
    sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_TRANSIENT);
}
void Statement::bind_null(int index) { sqlite3_bind_null(statement_, index); }
int Statement::step() { return sqlite3_step(statement_); }
void Statement::reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
std::string Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string{};
}
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::optional<Hash> Statement::hash(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    if (!bytes || sqlite3_column_bytes(statement_, column) != 32) return std::nullopt;
    Hash hash{};
    std::copy_n(bytes, hash.size(), hash.begin());
    return hash;
}

}  // namespace accalmie::records::db
