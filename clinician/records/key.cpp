// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/ledger.h"

#include <cerrno>
#include <format>
#include <system_error>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

namespace accalmie::records {
namespace {

std::string cause() { return std::generic_category().message(errno); }

struct File {
    int number = -1;
    ~File() {
        if (number >= 0) ::close(number);
    }
};

}  // namespace

Key::~Key() { sodium_memzero(bytes.data(), bytes.size()); }

Key Key::random() {
    Key key;
    randombytes_buf(key.bytes.data(), key.bytes.size());
    return key;
}

Result<Key> Key::read_file(const std::string& path) {
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number < 0) return std::unexpected(Error{.message = "the key file cannot be read: " + cause(), .hint = "check --key-file", .file = path});
    std::array<char, 256> text{};
    const ssize_t length = ::read(file.number, text.data(), text.size());
    std::string_view digits(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r' || digits.back() == ' ')) digits.remove_suffix(1);
    Key key;
    std::size_t decoded = 0;
    const bool whole = digits.size() == 64 && sodium_hex2bin(key.bytes.data(), 32, digits.data(), 64, nullptr, &decoded, nullptr) == 0 && decoded == 32;
    sodium_memzero(text.data(), text.size());
    if (!whole)
        return std::unexpected(Error{.message = "this is not a key file: it has to hold 64 hexadecimal digits", .hint = "give the file that was made with the study", .file = path, .line = 1});
    return key;
}

Result<void> Key::write_file(const std::string& path) const {
    const File file{::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)};
    if (file.number < 0)
        return std::unexpected(Error{.message = "the key file cannot be made: " + cause(), .hint = "a key is never written over another; choose a new name", .file = path});
    std::string text = to_hex(bytes) + "\n";
    const bool whole = ::write(file.number, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file.number) == 0;
    const std::string why = whole ? std::string() : cause();
    sodium_memzero(text.data(), text.size());
    if (whole) return {};
    ::unlink(path.c_str());
    return std::unexpected(Error{.message = "the key file could not be written: " + why, .hint = "is there room on the disk?", .file = path});
}

}  // namespace accalmie::records
