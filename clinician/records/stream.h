// SPDX-License-Identifier: Apache-2.0
// Owns: the append-only container of what one session measured many times a second, STUDY/streams/S0001.stream: chunks, each of them
// compressed, sealed and hashed. Never: interprets what is in a chunk (frame_record.h does), keeps anybody waiting for the disk.
//
// The file: "accalmie stream 1\n", the session's id in 32 bytes, the head of the seal (24 bytes); then for every chunk
//   length of the sealed bytes (4, little endian) | check of the length (8) | sealed bytes | link of the chain (32)
//   seal: crypto_secretstream_xchacha20poly1305, key: crypto_kdf (subkey 3 of the study's key), then BLAKE2b-256 keyed with it over the
//         session's id; the last chunk of a closed stream carries the final tag
//   chain: BLAKE2b-256(link before, sealed bytes); the first link is that of the file's head. The check of a length is the start of
//         BLAKE2b-256(link before, length), so that a cut tail and a changed length are two things
// A chunk is on disk (fsync) before the next is begun. A killed writer leaves whole chunks and at most one torn one at the end.
// Thread: StreamWriter has one owner and a thread of its own for the disk; reading is one call.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clinician/records/ledger.h"

namespace accalmie::records {

inline constexpr std::size_t kMostChunkBytes = 1 << 20;  // before compression

// The key of one session's stream, from the study's.
Key stream_key(const Key& streams_key, const std::string& session);
Key streams_key(const Key& study_key);
std::string stream_path(const std::string& study_directory, const std::string& session);

struct StreamSummary {
    std::int64_t chunks = 0;
    std::int64_t frames = 0;
    Hash sha{};                 // of the whole file (b2sum -l 256 gives the same)
};

class StreamWriter {
public:
    // Makes the file; one that is there already is an Error.
    static Result<std::unique_ptr<StreamWriter>> create(const std::string& path, const std::string& session, const Key& key);
    ~StreamWriter();            // what was added is written; without close() the stream has no end mark
    StreamWriter(const StreamWriter&) = delete;
    StreamWriter& operator=(const StreamWriter&) = delete;

    // Into the chunk that is being filled. Never waits.
    void add(std::span<const std::uint8_t> record, bool is_frame);
    // Hands the chunk over to the disk's thread. False: the disk does not keep up, the chunk goes on being filled until it is full and
    // is then lost, which failure() says.
    bool cut();
    bool empty() const { return filling_.bytes.empty(); }
    // Waits for the disk, marks the end. An Error: what is on disk is whole chunks, without the end mark.
    Result<StreamSummary> close();

    std::int64_t chunks_on_disk() const;
    std::optional<Error> failure() const;

    // A fault for the tests of the kill harness: chunks count as being on disk before they are.
    void plant_early_count();

private:
    struct Disk;
    struct Chunk {
        std::vector<std::uint8_t> bytes;
        std::int64_t frames = 0;
        bool last = false;
    };
    explicit StreamWriter(std::unique_ptr<Disk> disk);
    Chunk filling_;
    bool closed_ = false;       // nothing is taken after the end mark
    std::unique_ptr<Disk> disk_;
};

struct StreamContent {
    bool closed = false;                // the end mark is there
    bool torn = false;                  // bytes of a chunk that was never finished follow the last whole one
    std::int64_t chunks = 0;            // whole and proven
    Hash sha{};                         // of the whole file
    std::vector<std::string> problems;  // "chunk 3: its bytes are not those that were written (chain)", with the layer that caught it
};
// Visits every chunk's records up to the first that is not proven. An Error only when the file cannot be read.
Result<StreamContent> read_stream(const std::string& path, const std::string& session, const Key& key,
                                  const std::function<void(std::span<const std::uint8_t>)>& visit);

}  // namespace accalmie::records
