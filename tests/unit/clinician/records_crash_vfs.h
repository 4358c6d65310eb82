// SPDX-License-Identifier: Apache-2.0
// Owns: a file layer between SQLite and the disk that writes down every write and sync, can refuse them, and can make the disk that a
// power cut would have left: what was synced is there, of the rest any part may be missing, whole or torn at 512 bytes.
// While it lives it is SQLite's default layer, so that the ledger runs on it unchanged. Thread: one owner.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace accalmie::records::test {

enum class DiskOperation : std::uint8_t { write, truncate, sync, remove, acknowledge };

struct DiskEvent {
    DiskOperation operation = DiskOperation::write;
    std::string file;           // its whole path
    std::int64_t offset = 0;    // write; truncate: the new size
    std::string bytes;          // write
    std::int64_t sequence = 0;  // acknowledge: the row that the ledger says is safe
    std::string anchor;         // acknowledge: study.db.head, which is not written through SQLite
};

class CrashVfs {
public:
    CrashVfs();
    ~CrashVfs();
    CrashVfs(const CrashVfs&) = delete;
    CrashVfs& operator=(const CrashVfs&) = delete;

    std::vector<DiskEvent> log;
    std::optional<std::int64_t> bytes_left;                                 // a disk that fills up: growth beyond this is refused
    std::function<int(DiskOperation, const std::string& file)> refuse;      // an SQLite error code to give instead; 0: go on

    struct Layer;

private:
    std::unique_ptr<Layer> layer_;
};

// The disk after a power cut, as far as the log has been played.
class DiskModel {
public:
    enum class Cut : std::uint8_t { nothing_more, everything, torn };
    void play(const DiskEvent& event);
    // Writes the files into `directory`; of what was not synced: nothing, all, or a random part.
    void leave(const std::string& directory, Cut cut, std::mt19937_64& random) const;

private:
    struct Piece {
        std::int64_t offset = 0;
        std::string bytes;
        bool truncates = false;
    };
    struct File {
        std::string synced;
        std::vector<Piece> pending;
    };
    static void apply(std::string& content, const Piece& piece);
    std::map<std::string, File> files_;
};

}  // namespace accalmie::records::test
