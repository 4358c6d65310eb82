// SPDX-License-Identifier: Apache-2.0
// A sequence lock a picture, in memory that two processes share. Words are copied by acquire loads and release stores, which keep the
// two looks at the sequence count in order without a fence (a plain copy would be a race that a compiler may tear).
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <format>

#include "scenes/link/channel.h"

namespace accalmie::link {
namespace {

constexpr std::uint64_t kMagic = 0x314d'4549'4d4c'4143;  // "CALMEIM1" to a little-endian reader
constexpr std::uint32_t kSlots = 3;
constexpr std::uint32_t kMaximumSide = 8192;
constexpr std::size_t kPage = 4096;
constexpr int kTries = 8;

struct Slot {
    std::atomic<std::uint64_t> sequence;  // odd while the picture is being written
    std::atomic<std::uint64_t> frame;
};

struct Header {
    std::uint64_t magic;
    std::uint32_t width, height;
    std::atomic<std::uint64_t> newest;  // count of pictures published; the newest lies in slot (newest - 1) % kSlots
    Slot slots[kSlots];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && sizeof(Header) <= kPage);

std::size_t picture_bytes(std::uint32_t width, std::uint32_t height) { return std::size_t{width} * height * 4; }
std::size_t slot_bytes(std::uint32_t width, std::uint32_t height) { return (picture_bytes(width, height) + kPage - 1) / kPage * kPage; }
std::size_t file_bytes(std::uint32_t width, std::uint32_t height) { return kPage + kSlots * slot_bytes(width, height); }

Error system_error(const char* call) { return Error{.message = std::format("the mirror's memory: {}: {}", call, std::strerror(errno)), .hint = {}, .file = {}}; }
Error refused(const char* what) { return Error{.message = std::format("the mirror's memory {}", what), .hint = "the console and the player have to be of one build", .file = {}}; }

void store_words(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) {
    auto* words = reinterpret_cast<std::uint32_t*>(to);
    for (std::size_t i = 0; i < bytes / 4; ++i) {
        std::uint32_t word = 0;
        std::memcpy(&word, from + i * 4, 4);
        __atomic_store_n(words + i, word, __ATOMIC_RELEASE);
    }
}

void load_words(std::uint8_t* to, const std::uint8_t* from, std::size_t bytes) {
    const auto* words = reinterpret_cast<const std::uint32_t*>(from);
    for (std::size_t i = 0; i < bytes / 4; ++i) {
        const std::uint32_t word = __atomic_load_n(words + i, __ATOMIC_ACQUIRE);
        std::memcpy(to + i * 4, &word, 4);
    }
}

}  // namespace

Result<MirrorWriter> MirrorWriter::create(std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0 || width > kMaximumSide || height > kMaximumSide) return std::unexpected(refused("cannot have this size"));
    MirrorWriter writer;
    writer.memory_ = FileDescriptor(::memfd_create("accalmie-mirror", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!writer.memory_.valid()) return std::unexpected(system_error("memfd_create"));
    const std::size_t bytes = file_bytes(width, height);
    if (::ftruncate(writer.memory_.get(), static_cast<off_t>(bytes)) != 0) return std::unexpected(system_error("ftruncate"));
    void* map = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, writer.memory_.get(), 0);
    if (map == MAP_FAILED) return std::unexpected(system_error("mmap"));
    writer.map_ = static_cast<std::uint8_t*>(map);
    writer.bytes_ = bytes;
    writer.width_ = width;
    writer.height_ = height;
    auto* header = new (map) Header{};
    header->magic = kMagic;
    header->width = width;
    header->height = height;
    if (::fcntl(writer.memory_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0)
        return std::unexpected(system_error("fcntl"));
    return writer;
}

void MirrorWriter::publish(std::uint64_t frame, std::span<const std::uint8_t> rgba) {
    if (map_ == nullptr || rgba.size() != picture_bytes(width_, height_)) return;
    auto* header = reinterpret_cast<Header*>(map_);
    const std::uint64_t count = header->newest.load(std::memory_order_relaxed);
    const std::size_t index = count % kSlots;
    Slot& slot = header->slots[index];
    const std::uint64_t sequence = slot.sequence.load(std::memory_order_relaxed);
    slot.sequence.store(sequence + 1, std::memory_order_relaxed);
    slot.frame.store(frame, std::memory_order_release);
    store_words(map_ + kPage + index * slot_bytes(width_, height_), rgba.data(), rgba.size());
    slot.sequence.store(sequence + 2, std::memory_order_release);
    header->newest.store(count + 1, std::memory_order_release);
}

MirrorWriter::MirrorWriter(MirrorWriter&& other) noexcept
    : memory_(std::move(other.memory_)), map_(std::exchange(other.map_, nullptr)), bytes_(std::exchange(other.bytes_, 0)), width_(other.width_), height_(other.height_) {}

MirrorWriter& MirrorWriter::operator=(MirrorWriter&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(map_, other.map_);
    std::swap(bytes_, other.bytes_);
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    return *this;
}

MirrorWriter::~MirrorWriter() {
    if (map_ != nullptr) ::munmap(map_, bytes_);
}

Result<MirrorReader> MirrorReader::open(FileDescriptor memory, std::uint32_t width, std::uint32_t height) {
    if (!memory.valid()) return std::unexpected(refused("did not come with the message"));
    if (width == 0 || height == 0 || width > kMaximumSide || height > kMaximumSide) return std::unexpected(refused("cannot have this size"));
    // Without the seal a player that shrinks the file would kill the console at the next look.
    const int seals = ::fcntl(memory.get(), F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) return std::unexpected(refused("is not sealed"));
    struct stat status {};
    if (::fstat(memory.get(), &status) != 0) return std::unexpected(system_error("fstat"));
    const std::size_t bytes = file_bytes(width, height);
    if (static_cast<std::size_t>(status.st_size) != bytes) return std::unexpected(refused("has another size than was said"));
    void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, memory.get(), 0);
    if (map == MAP_FAILED) return std::unexpected(system_error("mmap"));
    MirrorReader reader;
    reader.memory_ = std::move(memory);
    reader.map_ = static_cast<const std::uint8_t*>(map);
    reader.bytes_ = bytes;
    reader.width_ = width;
    reader.height_ = height;
    const auto* header = reinterpret_cast<const Header*>(reader.map_);
    if (header->magic != kMagic || header->width != width || header->height != height) return std::unexpected(refused("is of another kind"));
    return reader;
}

std::optional<std::uint64_t> MirrorReader::read(std::uint64_t after, std::vector<std::uint8_t>& rgba) const {
    if (map_ == nullptr) return std::nullopt;
    const auto* header = reinterpret_cast<const Header*>(map_);
    const std::size_t size = picture_bytes(width_, height_);
    for (int attempt = 0; attempt < kTries; ++attempt) {
        const std::uint64_t count = header->newest.load(std::memory_order_acquire);
        if (count == 0) return std::nullopt;
        const std::size_t index = (count - 1) % kSlots;
        const Slot& slot = header->slots[index];
        const std::uint64_t before = slot.sequence.load(std::memory_order_acquire);
        if ((before & 1) != 0) continue;
        const std::uint64_t frame = slot.frame.load(std::memory_order_acquire);
        if (frame <= after) return std::nullopt;
        rgba.resize(size);
        load_words(rgba.data(), map_ + kPage + index * slot_bytes(width_, height_), size);
        if (slot.sequence.load(std::memory_order_relaxed) == before) return frame;
    }
    return std::nullopt;
}

MirrorReader::MirrorReader(MirrorReader&& other) noexcept
    : memory_(std::move(other.memory_)), map_(std::exchange(other.map_, nullptr)), bytes_(std::exchange(other.bytes_, 0)), width_(other.width_), height_(other.height_) {}

MirrorReader& MirrorReader::operator=(MirrorReader&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(map_, other.map_);
    std::swap(bytes_, other.bytes_);
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    return *this;
}

MirrorReader::~MirrorReader() {
    if (map_ != nullptr) ::munmap(const_cast<std::uint8_t*>(map_), bytes_);
}

}  // namespace accalmie::link
