// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/anchor.h"

#include <cstdio>
#include <format>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

namespace accalmie::records {
namespace {

std::string path_of(const std::string& database_path) { return database_path + ".head"; }

std::string sealed(const Anchor& anchor, const Key& key) {
    const std::string text = std::format("{} {}", anchor.sequence, to_hex(anchor.head));
    Hash seal{};
    crypto_generichash(seal.data(), seal.size(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), key.bytes.data(), key.bytes.size());
    return text + " " + to_hex(seal) + "\n";
}

}  // namespace

Key anchor_key(const Key& study_key) {
    Key key;
    crypto_kdf_derive_from_key(key.bytes.data(), key.bytes.size(), 2, "accalmie", study_key.bytes.data());
    return key;
}

Result<void> write_anchor(const std::string& database_path, const Anchor& anchor, const Key& key) {
    const std::string path = path_of(database_path), fresh = path + ".new", text = sealed(anchor, key);
    const int file = ::open(fresh.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    bool whole = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    whole = whole && std::rename(fresh.c_str(), path.c_str()) == 0;
    if (!whole) return std::unexpected(Error{.message = "the ledger's head could not be anchored", .hint = "is there room on the disk?", .file = path});
    return {};
}

Result<Anchor> read_anchor(const std::string& database_path, const Key& key) {
    const std::string path = path_of(database_path);
    std::ifstream file(path);
    std::string line, hex;
    if (!std::getline(file, line)) return std::unexpected(Error{.message = "the anchored head is missing: " + path});
    Anchor anchor;
    std::istringstream words(line);
    words >> anchor.sequence >> hex;
    const auto head = hash_from_hex(hex);
    if (head) anchor.head = *head;
    if (!head || sealed(anchor, key) != line + "\n") return std::unexpected(Error{.message = "the anchored head was altered: " + path});
    return anchor;
}

}  // namespace accalmie::records
