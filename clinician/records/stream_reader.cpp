// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <format>
#include <memory>

#include "clinician/records/compression.h"
#include "clinician/records/stream.h"
#include "clinician/records/stream_layout.h"

namespace accalmie::records {
namespace {

namespace layout = stream_layout;
using Bytes = std::vector<std::uint8_t>;

class Reader {
public:
    Reader(std::FILE* file, const std::function<void(std::span<const std::uint8_t>)>& visit) : file_(file), visit_(visit) {
        crypto_generichash_init(&whole_, nullptr, 0, sizeof(Hash));
    }
    StreamContent read(const std::string& session, const Key& key) {
        if (head(session, key)) while (chunk()) {}
        rest();
        crypto_generichash_final(&whole_, content_.sha.data(), content_.sha.size());
        return std::move(content_);
    }

private:
    // As many as there are.
    Bytes take(std::size_t count) {
        Bytes bytes(count);
        bytes.resize(std::fread(bytes.data(), 1, count, file_));
        crypto_generichash_update(&whole_, bytes.data(), bytes.size());
        return bytes;
    }
    // The file's hash covers what could not be read as chunks, too.
    void rest() {
        while (!take(1 << 16).empty()) {}
    }
    bool problem(const std::string& what, const char* layer) {
        content_.problems.push_back(std::format("chunk {}: {} ({})", content_.chunks + 1, what, layer));
        return false;
    }
    bool head(const std::string& session, const Key& key);
    bool chunk();

    std::FILE* file_;
    const std::function<void(std::span<const std::uint8_t>)>& visit_;
    crypto_generichash_state whole_{};
    crypto_secretstream_xchacha20poly1305_state seal_{};
    Hash link_{};
    StreamContent content_;
};

bool Reader::head(const std::string& session, const Key& key) {
    const Bytes head = take(layout::kFileHeadBytes);
    if (head.size() < layout::kFileHeadBytes) {
        content_.torn = true;  // killed while the file was made
        return false;
    }
    const auto seal_head = std::span(head).last<layout::kSealHeadBytes>();
    const auto wanted = layout::file_head(session, seal_head);
    if (!std::equal(head.begin(), head.begin() + layout::kMagic.size(), wanted.begin())) {
        content_.problems.emplace_back("its head is not that of a stream (head)");
        return false;
    }
    if (!std::equal(head.begin(), head.end(), wanted.begin())) {
        content_.problems.push_back(std::format("it is not the stream of session {} (head)", session));
        return false;
    }
    link_ = layout::next_link({}, head);
    if (crypto_secretstream_xchacha20poly1305_init_pull(&seal_, seal_head.data(), key.bytes.data()) == 0) return true;
    content_.problems.emplace_back("its seal does not begin (seal)");
    return false;
}

bool Reader::chunk() {
    const Bytes head = take(layout::kChunkHeadBytes);
    if (head.empty()) return false;
    if (content_.closed) return problem("it comes after the end mark", "seal");
    if (head.size() < layout::kChunkHeadBytes) {
        content_.torn = true;
        return false;
    }
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < layout::kLengthBytes; ++i) length |= std::uint32_t{head[i]} << (8 * i);
    const auto wanted = layout::chunk_head(link_, length);
    if (!std::equal(head.begin(), head.end(), wanted.begin())) return problem("its length is not the one that was written, or another chunk stood before it", "chain");
    if (length < crypto_secretstream_xchacha20poly1305_ABYTES || length > 2 * kMostChunkBytes) return problem("no chunk has this length", "chain");
    const Bytes sealed = take(length), link = take(sizeof(Hash));
    if (sealed.size() < length || link.size() < sizeof(Hash)) {
        content_.torn = true;
        return false;
    }
    link_ = layout::next_link(link_, sealed);
    if (!std::equal(link.begin(), link.end(), link_.begin())) return problem("its bytes are not those that were written", "chain");
    Bytes packed(length - crypto_secretstream_xchacha20poly1305_ABYTES);
    std::uint8_t tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&seal_, packed.data(), nullptr, &tag, sealed.data(), sealed.size(), nullptr, 0) != 0)
        return problem("it was not sealed for this session with this study's key, or not in this place", "seal");
    auto bytes = expand(packed, kMostChunkBytes);
    if (!bytes) return problem(bytes.error().message, "compression");
    ++content_.chunks;
    content_.closed = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    visit_(*bytes);
    return true;
}

}  // namespace

Result<StreamContent> read_stream(const std::string& path, const std::string& session, const Key& key,
                                  const std::function<void(std::span<const std::uint8_t>)>& visit) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), [](std::FILE* f) { return std::fclose(f); });
    if (!file) return std::unexpected(Error{.message = std::string("the stream cannot be read: ") + std::strerror(errno), .hint = "was the session recorded with a player?", .file = path});
    StreamContent content = Reader(file.get(), visit).read(session, key);
    if (std::ferror(file.get()) != 0) return std::unexpected(Error{.message = "the stream cannot be read to its end", .hint = "check the disk", .file = path});
    return content;
}

}  // namespace accalmie::records
