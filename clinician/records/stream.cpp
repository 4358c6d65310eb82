// SPDX-License-Identifier: Apache-2.0
#include "clinician/records/stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <format>
#include <mutex>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "clinician/records/compression.h"
#include "clinician/records/stream_layout.h"

namespace accalmie::records {
namespace {

constexpr std::size_t kMostWaiting = 16;  // chunks: a quarter of a minute of a disk that does not answer

bool write_all(int file, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

Error disk_error(const std::string& path) {
    return {.message = std::string("the stream of frames was not written: ") + std::strerror(errno), .hint = "the ratings are not touched by this; make room on the disk", .file = path};
}

}  // namespace

Key streams_key(const Key& study_key) {
    Key key;
    crypto_kdf_derive_from_key(key.bytes.data(), key.bytes.size(), 3, "accalmie", study_key.bytes.data());
    return key;
}

Key stream_key(const Key& streams_key, const std::string& session) {
    Key key;
    crypto_generichash(key.bytes.data(), key.bytes.size(), reinterpret_cast<const std::uint8_t*>(session.data()), session.size(), streams_key.bytes.data(), streams_key.bytes.size());
    return key;
}

std::string stream_path(const std::string& study_directory, const std::string& session) { return study_directory + "/streams/" + session + ".stream"; }

// Everything that touches the file. The owner's thread only puts chunks into `waiting`.
struct StreamWriter::Disk {
    std::string path;
    int file = -1;
    crypto_secretstream_xchacha20poly1305_state seal{};
    crypto_generichash_state whole{};
    Hash link{};
    off_t length = 0;
    StreamSummary written;

    std::mutex mutex;
    std::condition_variable wake, idle;
    std::deque<Chunk> waiting;
    bool ending = false, busy = false;
    std::optional<Error> failure;
    std::atomic<std::int64_t> chunks_on_disk = 0;
    std::atomic<bool> counts_early = false;
    std::jthread worker;

    ~Disk() {
        {
            const std::scoped_lock lock(mutex);
            ending = true;
        }
        wake.notify_all();
        if (worker.joinable()) worker.join();
        if (file >= 0) ::close(file);
        sodium_memzero(&seal, sizeof seal);
    }
    bool append(std::span<const std::uint8_t> bytes);
    bool write_chunk(const Chunk& chunk);
    void work();
    void fail(Error error) {
        const std::scoped_lock lock(mutex);
        if (!failure) failure = std::move(error);
    }
};

// All of it on disk, or the file as it was before.
bool StreamWriter::Disk::append(std::span<const std::uint8_t> bytes) {
    if (!write_all(file, bytes) || ::fsync(file) != 0) {
        fail(disk_error(path));
        if (::ftruncate(file, length) != 0) return false;  // a torn tail, then; the reader knows it
        return false;
    }
    length += static_cast<off_t>(bytes.size());
    crypto_generichash_update(&whole, bytes.data(), bytes.size());
    return true;
}

bool StreamWriter::Disk::write_chunk(const Chunk& chunk) {
    if (counts_early) ++chunks_on_disk;
    const auto packed = compress(chunk.bytes);
    std::vector<std::uint8_t> sealed(packed.size() + crypto_secretstream_xchacha20poly1305_ABYTES);
    const std::uint8_t tag = chunk.last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    crypto_secretstream_xchacha20poly1305_push(&seal, sealed.data(), nullptr, packed.data(), packed.size(), nullptr, 0, tag);
    const auto head = stream_layout::chunk_head(link, static_cast<std::uint32_t>(sealed.size()));
    link = stream_layout::next_link(link, sealed);
    std::vector<std::uint8_t> bytes(head.begin(), head.end());
    bytes.insert(bytes.end(), sealed.begin(), sealed.end());
    bytes.insert(bytes.end(), link.begin(), link.end());
    if (counts_early) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!append(bytes)) return false;
    ++written.chunks;
    written.frames += chunk.frames;
    chunks_on_disk = std::max(chunks_on_disk.load(), written.chunks);
    return true;
}

void StreamWriter::Disk::work() {
    std::unique_lock lock(mutex);
    for (;;) {
        wake.wait(lock, [&] { return ending || !waiting.empty(); });
        if (waiting.empty()) return;
        Chunk chunk = std::move(waiting.front());
        waiting.pop_front();
        const bool broken = failure.has_value();
        busy = true;
        lock.unlock();
        if (!broken) write_chunk(chunk);
        lock.lock();
        busy = false;
        idle.notify_all();
    }
}

StreamWriter::StreamWriter(std::unique_ptr<Disk> disk) : disk_(std::move(disk)) {
    disk_->worker = std::jthread([disk = disk_.get()] { disk->work(); });
}

StreamWriter::~StreamWriter() {
    if (!filling_.bytes.empty()) (void)cut();
}

Result<std::unique_ptr<StreamWriter>> StreamWriter::create(const std::string& path, const std::string& session, const Key& key) {
    if (session.empty() || session.size() > stream_layout::kSessionBytes || session.contains('\0'))
        return std::unexpected(Error{.message = "a stream belongs to a session with a short id"});
    auto disk = std::make_unique<Disk>();
    disk->path = path;
    disk->file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (disk->file < 0) return std::unexpected(disk_error(path));
    std::array<std::uint8_t, crypto_secretstream_xchacha20poly1305_HEADERBYTES> seal_head{};
    crypto_secretstream_xchacha20poly1305_init_push(&disk->seal, seal_head.data(), key.bytes.data());
    crypto_generichash_init(&disk->whole, nullptr, 0, sizeof(Hash));
    const auto head = stream_layout::file_head(session, seal_head);
    disk->link = stream_layout::next_link({}, head);
    if (!disk->append(head)) {
        ::unlink(path.c_str());
        return std::unexpected(*disk->failure);
    }
    return std::unique_ptr<StreamWriter>(new StreamWriter(std::move(disk)));
}

void StreamWriter::add(std::span<const std::uint8_t> record, bool is_frame) {
    if (closed_) return;
    if (filling_.bytes.size() + record.size() > kMostChunkBytes && !cut()) {
        disk_->fail({.message = "the disk does not keep up with the stream of frames", .hint = "the ratings are not touched by this; look after the disk", .file = disk_->path});
        filling_ = {};
    }
    filling_.bytes.insert(filling_.bytes.end(), record.begin(), record.end());
    filling_.frames += is_frame;
}

bool StreamWriter::cut() {
    {
        const std::scoped_lock lock(disk_->mutex);
        if (disk_->waiting.size() >= kMostWaiting && !filling_.last) return false;
        disk_->waiting.push_back(std::exchange(filling_, {}));
    }
    disk_->wake.notify_one();
    return true;
}

Result<StreamSummary> StreamWriter::close() {
    if (!closed_) {
        filling_.last = closed_ = true;
        (void)cut();
    }
    std::unique_lock lock(disk_->mutex);
    disk_->idle.wait(lock, [&] { return disk_->waiting.empty() && !disk_->busy; });
    if (disk_->failure) return std::unexpected(*disk_->failure);
    StreamSummary summary = disk_->written;
    crypto_generichash_state whole = disk_->whole;
    crypto_generichash_final(&whole, summary.sha.data(), summary.sha.size());
    return summary;
}

std::int64_t StreamWriter::chunks_on_disk() const { return disk_->chunks_on_disk; }

std::optional<Error> StreamWriter::failure() const {
    const std::scoped_lock lock(disk_->mutex);
    return disk_->failure;
}

void StreamWriter::plant_early_count() { disk_->counts_early = true; }

}  // namespace accalmie::records
