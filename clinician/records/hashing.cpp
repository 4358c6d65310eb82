// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/hashing.h"

#include <cstdio>
#include <memory>

namespace accalmie::records {

std::string to_hex(std::span<const std::uint8_t> bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

std::optional<Hash> hash_from_hex(std::string_view hex) {
    Hash hash{};
    std::size_t length = 0;
    const char* end = nullptr;
    if (hex.size() != 64 || sodium_hex2bin(hash.data(), hash.size(), hex.data(), hex.size(), nullptr, &length, &end) != 0 || length != 32)
        return std::nullopt;
    return hash;
}

FieldHash::FieldHash(std::string_view domain) {
    crypto_generichash_init(&state_, nullptr, 0, sizeof(Hash));
    add(domain);
}

FieldHash& FieldHash::add(std::int64_t value) {
    std::uint8_t bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
    crypto_generichash_update(&state_, bytes, sizeof bytes);
    return *this;
}

FieldHash& FieldHash::add(std::string_view text) {
    return add(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

FieldHash& FieldHash::add(std::span<const std::uint8_t> bytes) {
    add(static_cast<std::int64_t>(bytes.size()));
    crypto_generichash_update(&state_, bytes.data(), bytes.size());
    return *this;
}

Hash FieldHash::finish() {
    Hash hash{};
    crypto_generichash_final(&state_, hash.data(), hash.size());
    return hash;
}

Hash row_hash(const Row& row) {
    FieldHash hash("accalmie row 1");
    hash.add(std::span<const std::uint8_t>(row.previous)).add(row.sequence).add(row.session).add(row.t_ms).add(static_cast<std::int64_t>(row.row_class));
    hash.add(row.kind).add(row.payload).add(row.actor).add(row.role);
    hash.add(std::int64_t{row.supersedes.has_value()}).add(row.supersedes.value_or(0)).add(row.reason);
    hash.add(row.utc).add(row.monotonic_ns).add(row.boot_id);
    return hash.finish();
}

Result<Hash> file_hash(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), [](std::FILE* f) { return std::fclose(f); });
    if (!file) return std::unexpected(Error{.message = "the file cannot be read", .file = path});
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, sizeof(Hash));
    std::vector<std::uint8_t> buffer(1 << 16);
    while (const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), file.get())) crypto_generichash_update(&state, buffer.data(), length);
    if (std::ferror(file.get())) return std::unexpected(Error{.message = "the file cannot be read to its end", .file = path});
    Hash hash{};
    crypto_generichash_final(&state, hash.data(), hash.size());
    return hash;
}

Result<Hash> session_digest(const Ledger& ledger, std::string_view session) {
    FieldHash digest("accalmie session digest 1");
    std::int64_t decisions = 0;
    if (session.empty()) return std::unexpected(Error{.message = "a digest belongs to a session: name one", .hint = "accalmie study sessions lists them"});
    auto read = ledger.read(session, [&](const Row& row) {
        if (row.row_class != RowClass::decision) return;
        digest.add(row.t_ms).add(row.kind).add(row.payload);
        ++decisions;
    });
    if (!read) return std::unexpected(read.error());
    if (decisions == 0)
        return std::unexpected(Error{.message = "there is no session " + std::string(session) + " in this study", .hint = "accalmie study sessions lists them"});
    return digest.finish();
}

}  // namespace accalmie::records
