// SPDX-License-Identifier: Apache-2.0
// Owns: the small studies that the records' tests work on, each in a folder of its own that goes with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "clinician/records/study.h"

namespace accalmie::records::test {

struct Folder {
    std::string path;
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "accalmie-records-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return path + "/" + name; }
};

template <class T>
T must(Result<T> result) {
    INFO((result ? std::string() : result.error().message));
    REQUIRE(result.has_value());
    return std::move(*result);
}
inline void must(Result<void> result) {
    INFO((result ? std::string() : result.error().message));
    REQUIRE(result.has_value());
}

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
inline void write_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
}

inline NewRow row(const std::string& session, std::int64_t t_ms, const std::string& kind, const std::string& payload) {
    return {.session = session, .t_ms = t_ms, .row_class = RowClass::decision, .kind = kind, .payload = payload, .actor = "simulated-patient", .role = "patient"};
}
inline NewRow rating(const std::string& session, std::int64_t t_ms, int request, int value) {
    return row(session, t_ms, "event.rating", std::format(R"({{"request":{},"source":"patient","value":{}}})", request, value));
}

inline Key key_of(std::uint8_t fill) {
    Key key;
    key.bytes.fill(fill);
    return key;
}

inline Study new_study(const std::string& directory, const Key& key) {
    return must(Study::create(directory, {.id = "DEMO-01", .title = "Étude d'essai", .site = "Site fictif", .language = "fr", .rehearsal = true}, key));
}

// One ended session with `ratings` ratings.
inline void short_session(Study& study, const std::string& session, int ratings) {
    Ledger& ledger = study.ledger();
    must(ledger.append(row(session, 0, "session.start", R"({"kind":"exposure","plan":"","protocol":"p","pseudonym":"P-7Q4K","seed":7,"version":1})")));
    for (int i = 1; i <= ratings; ++i) must(ledger.append(rating(session, i * 1000, i, 40 + i)));
    must(ledger.append(row(session, ratings * 1000 + 500, "session.end", R"({"outcome":"completed"})")));
}

}  // namespace accalmie::records::test
