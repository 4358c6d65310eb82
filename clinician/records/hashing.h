// SPDX-License-Identifier: Apache-2.0
// Owns: how a row becomes bytes and how bytes become hashes. Changing anything here breaks every chain that was ever written.
// Private to clinician/records.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <sodium.h>

#include "clinician/records/ledger.h"

namespace accalmie::records {

// BLAKE2b-256 over fields that each carry their length, so that no two different rows give the same bytes.
class FieldHash {
public:
    explicit FieldHash(std::string_view domain);
    FieldHash& add(std::int64_t value);             // 8 bytes, little endian
    FieldHash& add(std::string_view text);          // length, then bytes
    FieldHash& add(std::span<const std::uint8_t> bytes);
    Hash finish();

private:
    crypto_generichash_state state_;
};

Hash row_hash(const Row& row);  // over row.previous and every field except row.hash

}  // namespace accalmie::records
