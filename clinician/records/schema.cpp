// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/schema.h"

#include <array>
#include <format>

#include <sqlcipher/sqlite3.h>

namespace accalmie::records::db {
namespace {

struct Object {
    std::string_view type, name, sql;
};

// INSERT OR REPLACE deletes without firing delete triggers, so ledger_in_order refuses a sequence that is already there.
constexpr std::array version_1{
    Object{"table", "ledger",
           "CREATE TABLE ledger(sequence INTEGER PRIMARY KEY CHECK(sequence > 0), session TEXT NOT NULL, t_ms INTEGER NOT NULL, "
           "class INTEGER NOT NULL CHECK(class IN (0, 1)), kind TEXT NOT NULL CHECK(kind <> ''), payload TEXT NOT NULL CHECK(json_valid(payload)), "
           "actor TEXT NOT NULL, role TEXT NOT NULL, supersedes INTEGER REFERENCES ledger(sequence), reason TEXT NOT NULL, "
           "utc TEXT NOT NULL, monotonic_ns INTEGER NOT NULL, boot_id TEXT NOT NULL, previous BLOB NOT NULL CHECK(length(previous) = 32), "
           "hash BLOB NOT NULL CHECK(length(hash) = 32), CHECK(supersedes IS NULL OR reason <> '')) STRICT"},
    Object{"index", "ledger_by_session", "CREATE INDEX ledger_by_session ON ledger(session, sequence)"},
    Object{"trigger", "ledger_no_update",
           "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no row is changed'); END"},
    Object{"trigger", "ledger_no_delete",
           "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no row is deleted'); END"},
    Object{"trigger", "ledger_in_order",
           "CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: a row has to follow the last one') "
           "WHERE NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM ledger) OR NEW.previous IS NOT "
           "coalesce((SELECT hash FROM ledger ORDER BY sequence DESC LIMIT 1), zeroblob(32)); END"},
};

std::string script_to_1() {
    std::string script;
    for (const Object& object : version_1) script += std::string(object.sql) + ";\n";
    return script + "PRAGMA application_id = 1094929485;\n";  // "ACLM"
}

Result<std::int64_t> version_of(const Connection& connection) {
    auto version = connection.integer("PRAGMA user_version");
    if (version && *version > schema_version)
        return std::unexpected(Error{.message = std::format("this study was written by a newer Accalmie (schema {}, this one knows {})", *version, schema_version),
                                     .hint = "install the newer version on this machine"});
    return version;
}

}  // namespace

Result<void> migrate(const Connection& connection) {
    auto version = version_of(connection);
    if (!version) return std::unexpected(version.error());
    const std::array steps{script_to_1()};  // steps[n] goes from version n to n + 1
    for (auto from = static_cast<std::size_t>(*version); from < steps.size(); ++from) {
        const std::string script = std::format("BEGIN IMMEDIATE;\n{}PRAGMA user_version = {};\nCOMMIT;", steps[from], from + 1);
        if (auto done = connection.run(script); !done) {
            sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
            return done;
        }
    }
    return {};
}

Result<void> require_version(const Connection& connection) {
    auto version = version_of(connection);
    if (!version) return std::unexpected(version.error());
    if (*version < schema_version)
        return std::unexpected(Error{.message = "this study is unfinished or was written by an older Accalmie", .hint = "open it once for writing, which brings it up to date"});
    return {};
}

Result<std::vector<std::string>> schema_differences(const Connection& connection) {
    std::vector<std::string> differences;
    for (const Object& object : version_1) {
        auto statement = Statement::prepare(connection.handle(), "SELECT sql FROM sqlite_master WHERE type = ? AND name = ?");
        if (!statement) return std::unexpected(statement.error());
        statement->bind(1, object.type);
        statement->bind(2, object.name);
        if (statement->step() != SQLITE_ROW)
            differences.push_back(std::format("{} {} is missing", object.type, object.name));
        else if (statement->text(0) != object.sql)
            differences.push_back(std::format("{} {} was changed", object.type, object.name));
    }
    auto extra = connection.integer("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'");
    if (!extra) return std::unexpected(extra.error());
    if (*extra > static_cast<std::int64_t>(version_1.size())) differences.emplace_back("there are tables or triggers that Accalmie did not make");
    return differences;
}

}  // namespace accalmie::records::db
