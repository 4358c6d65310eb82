// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/picture_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "clinician/records/ledger.h"
#include "engine/content/png_file.h"

namespace accalmie::session {

Result<std::string> write_picture(const std::string& path, std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba) {
    const auto png = content::encode_png(width, height, rgba);
    if (png.empty()) return std::unexpected(Error{.message = "the picture could not be encoded", .file = path});

    // Written beside its place and renamed, so that a crash leaves no half picture under the final name.
    const std::string partial = path + ".partial";
    const int fd = open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    std::size_t written = 0;
    while (fd >= 0 && written < png.size()) {
        const auto count = ::write(fd, png.data() + written, png.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        written += static_cast<std::size_t>(count);
    }
    const bool whole = fd >= 0 && written == png.size() && fsync(fd) == 0;
    const int failure = errno;
    if (fd >= 0) close(fd);
    if (!whole || std::rename(partial.c_str(), path.c_str()) != 0) {
        unlink(partial.c_str());
        return std::unexpected(Error{.message = std::string("a picture of the patient's view was not saved: ") + std::strerror(whole ? errno : failure),
                                     .hint = "the ratings are not touched by this; make room on the disk",
                                     .file = path});
    }
    std::array<std::uint8_t, 32> hash{};
    crypto_generichash(hash.data(), hash.size(), png.data(), png.size(), nullptr, 0);
    return records::to_hex(hash);
}

}  // namespace accalmie::session
