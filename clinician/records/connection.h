// SPDX-License-Identifier: Apache-2.0
// Owns: one SQLCipher connection and its prepared statements; the only place that talks to the C interface of SQLite when opening.
// Never: returns a connection that would write plain text. Private to clinician/records. Thread: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "clinician/records/ledger.h"

struct sqlite3_stmt;

namespace accalmie::records::db {

enum class Mode : std::uint8_t { create, read_write, read_only };

class Connection {
public:
    // Opens, checks that the library encrypts, gives the key and reads the first page with it.
    static Result<Connection> open(const std::string& path, const Key& key, Mode mode);
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;
    ~Connection();

    sqlite3* handle() const { return database_; }
    Result<void> run(const std::string& sql) const;
    Result<std::string> text(const std::string& sql) const;      // first column of the first row; "" when there is none
    Result<std::int64_t> integer(const std::string& sql) const;  // 0 when there is none

private:
    explicit Connection(sqlite3* database) : database_(database) {}
    sqlite3* database_ = nullptr;
};

class Statement {
public:
    static Result<Statement> prepare(sqlite3* database, std::string_view sql);
    Statement() = default;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, std::span<const std::uint8_t> value);
    void bind_null(int index);
    int step();      // the SQLite result code
    void reset();
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    bool is_null(int column) const;
    std::optional<Hash> hash(int column) const;  // none when it is not 32 bytes

private:
    sqlite3_stmt* statement_ = nullptr;
};

// Whether the library behind sqlite3_* encrypts: plain SQLite ignores PRAGMA key and would write patients' data in clear.
Result<void> require_encryption(sqlite3* database);

bool disk_is_full(sqlite3* database, int code);
// "what: text of the failed call", with a hint for the causes that a person can mend.
Error error_of(sqlite3* database, int code, const std::string& what);

}  // namespace accalmie::records::db
