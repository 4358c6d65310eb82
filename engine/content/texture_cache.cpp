// SPDX-License-Identifier: Apache-2.0
#include "engine/content/texture_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <format>

#include <sodium.h>

#include "engine/content/bc7.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kVersion = 1;  // of the file and of what the encoder gives for the same texels
constexpr std::string_view kMagic = "ACCABC7\n";
constexpr std::size_t kNumbers = kMagic.size(), kHashAt = kNumbers + 16, kSumAt = kHashAt + 32, kBlocksAt = kSumAt + 32;
constexpr const char* kEnding = ".bc7";
constexpr std::string_view kUnfinished = ".unfinished";
constexpr auto kLeftBehind = std::chrono::hours(1);  // an unfinished file so old is of a program that was killed

static_assert(std::endian::native == std::endian::little, "numbers in texture files are written as they lie in memory");

Error wrong(const std::string& name, const std::string& what) { return {.message = what, .hint = "it is made anew", .file = name}; }

Error failed(const std::string& name, const char* call) {
    return {.message = std::format("{}: {}", call, std::strerror(errno)), .hint = "textures stay as they are", .file = name};
}

class Hash {
public:
    Hash() {
        static const int ready = sodium_init();  // chooses the fastest way of this processor; without it the hash is only slower
        (void)ready;
        crypto_generichash_init(&state_, nullptr, 0, TextureHash().size());
    }
    void add(std::span<const std::uint8_t> bytes) { crypto_generichash_update(&state_, bytes.data(), bytes.size()); }
    void add(std::uint32_t number) { crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(&number), sizeof number); }
    TextureHash take() {
        TextureHash hash{};
        crypto_generichash_final(&state_, hash.data(), hash.size());
        return hash;
    }

private:
    crypto_generichash_state state_;
};

TextureHash sum_of(std::span<const std::uint8_t> file) {
    Hash hash;
    hash.add(file.first(kSumAt));
    hash.add(file.subspan(kBlocksAt));
    return hash.take();
}

struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

// What has exactly the size that is waited for; a pipe, a link or a folder in its place is no file of ours.
Result<std::vector<std::uint8_t>> bytes_of(const std::string& path, std::size_t size) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)};
    if (file.number < 0) return std::unexpected(failed(path, "open"));
    struct stat about{};
    if (::fstat(file.number, &about) != 0) return std::unexpected(failed(path, "fstat"));
    if (!S_ISREG(about.st_mode) || static_cast<std::size_t>(about.st_size) != size) return std::unexpected(wrong(path, "has another size than its picture"));
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t done = 0; done < size;) {
        const ssize_t got = ::read(file.number, bytes.data() + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::unexpected(wrong(path, "ends early"));
        done += static_cast<std::size_t>(got);
    }
    ::futimens(file.number, nullptr);  // used now: what is longest unused goes first
    return bytes;
}

bool write_all(int file, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(file, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return true;
}

std::size_t file_bytes(std::uint32_t width, std::uint32_t height, std::size_t levels) {
    std::size_t bytes = kBlocksAt;
    for (std::size_t level = 0; level < levels; ++level) bytes += bc7_bytes(std::max(width >> level, 1U), std::max(height >> level, 1U));
    return bytes;
}

}  // namespace

TextureHash texture_hash(const Image& image) {
    Hash hash;
    for (const std::uint32_t number : {kVersion, image.width, image.height, static_cast<std::uint32_t>(image.mips.size())}) hash.add(number);
    for (const auto& mip : image.mips) hash.add(mip);
    return hash.take();
}

std::vector<std::uint8_t> texture_file_bytes(const TextureFile& file) {
    std::vector<std::uint8_t> bytes(kBlocksAt);
    const std::array<std::uint32_t, 4> numbers{kVersion, file.width, file.height, static_cast<std::uint32_t>(file.levels.size())};
    std::ranges::copy(kMagic, bytes.begin());
    std::memcpy(bytes.data() + kNumbers, numbers.data(), sizeof numbers);
    std::ranges::copy(file.hash, bytes.begin() + kHashAt);
    for (const auto& level : file.levels) bytes.insert(bytes.end(), level.begin(), level.end());
    std::ranges::copy(sum_of(bytes), bytes.begin() + kSumAt);
    return bytes;
}

Result<TextureFile> read_texture_file(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.size() < kBlocksAt || !std::ranges::equal(bytes.first(kMagic.size()), kMagic, {}, {}, [](char letter) { return static_cast<std::uint8_t>(letter); }))
        return std::unexpected(wrong(name, "is no file of compressed textures"));
    std::array<std::uint32_t, 4> numbers{};
    std::memcpy(numbers.data(), bytes.data() + kNumbers, sizeof numbers);
    const auto [version, width, height, levels] = numbers;
    if (version != kVersion) return std::unexpected(wrong(name, std::format("is of version {}, not {}", version, kVersion)));
    if (width == 0 || height == 0 || width > limits::picture_side || height > limits::picture_side || levels == 0 || levels > static_cast<std::uint32_t>(std::bit_width(std::max(width, height))))
        return std::unexpected(wrong(name, "has a size that no picture has"));
    if (bytes.size() != file_bytes(width, height, levels)) return std::unexpected(wrong(name, "has another size than its picture"));
    if (!std::ranges::equal(sum_of(bytes), bytes.subspan(kSumAt, 32))) return std::unexpected(wrong(name, "was changed or torn"));
    TextureFile file{.width = width, .height = height, .hash = {}, .levels = {}};
    std::ranges::copy(bytes.subspan(kHashAt, 32), file.hash.begin());
    auto rest = bytes.subspan(kBlocksAt);
    for (std::uint32_t level = 0; level < levels; ++level) {
        const auto blocks = rest.first(bc7_bytes(std::max(width >> level, 1U), std::max(height >> level, 1U)));
        file.levels.emplace_back(blocks.begin(), blocks.end());
        rest = rest.subspan(blocks.size());
    }
    return file;
}

std::vector<std::size_t> compressible_images(const SceneAsset& asset) {
    enum : std::uint8_t { kColor = 1, kOther = 2 };
    std::vector<std::uint8_t> uses(asset.images.size());
    const auto used = [&](int image, std::uint8_t as) {
        if (image >= 0) uses[static_cast<std::size_t>(image)] |= as;
    };
    for (const Material& material : asset.materials) {
        used(material.base_color_image, material.alpha_mode == AlphaMode::mask ? kOther : kColor);
        used(material.emissive_image, kColor);
        used(material.metallic_roughness_image, kOther);
        used(material.normal_image, kOther);
    }
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < uses.size(); ++i)
        if (uses[i] == kColor && asset.images[i].srgb && !asset.images[i].mips.empty()) found.push_back(i);
    return found;
}

std::string TextureCache::users_folder() {
    // Relative ones are to be left alone (XDG Base Directory Specification).
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') return std::string(cache) + "/accalmie/textures";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return std::string(home) + "/.cache/accalmie/textures";
    return {};
}

std::string TextureCache::path_of(const TextureHash& hash) const {
    std::string path = folder_ + "/";
    for (const std::uint8_t byte : hash) path += std::format("{:02x}", byte);
    return path + kEnding;
}

Result<TextureLevels> TextureCache::read(const Image& image) const {
    if (folder_.empty()) return std::unexpected(Error{.message = "there is no folder for compressed textures", .hint = "set XDG_CACHE_HOME or HOME", .file = {}});
    const TextureHash hash = texture_hash(image);
    const std::string path = path_of(hash);
    auto bytes = bytes_of(path, file_bytes(image.width, image.height, image.mips.size()));
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    auto file = read_texture_file(*bytes, path);
    if (!file) return std::unexpected(std::move(file.error()));
    if (file->hash != hash || file->width != image.width || file->height != image.height || file->levels.size() != image.mips.size())
        return std::unexpected(wrong(path, "is of another picture"));
    return std::move(file->levels);
}

Result<void> TextureCache::write(const Image& image, TextureLevels levels) const {
    if (folder_.empty()) return std::unexpected(Error{.message = "there is no folder for compressed textures", .hint = "set XDG_CACHE_HOME or HOME", .file = {}});
    std::error_code error;
    if (fs::create_directories(folder_, error)) fs::permissions(folder_, fs::perms::owner_all, error);
    const TextureFile file{.width = image.width, .height = image.height, .hash = texture_hash(image), .levels = std::move(levels)};
    const auto bytes = texture_file_bytes(file);
    make_room(bytes.size());
    // A name that nobody has: process numbers are not enough, programs in containers have the same.
    const std::string path = path_of(file.hash);
    std::string unfinished = path + ".XXXXXX" + std::string(kUnfinished);
    const Descriptor made{::mkostemps(unfinished.data(), static_cast<int>(kUnfinished.size()), O_CLOEXEC)};
    if (made.number < 0) return std::unexpected(failed(path, "mkostemps"));
    Result<void> written;
    if (!write_all(made.number, bytes)) written = std::unexpected(failed(path, "write"));
    else if (::rename(unfinished.c_str(), path.c_str()) != 0) written = std::unexpected(failed(path, "rename"));
    if (!written) ::unlink(unfinished.c_str());
    return written;
}

// A new file of so many bytes is to fit below the bound.
void TextureCache::make_room(std::uint64_t bytes) const {
    struct Kept {
        fs::file_time_type used;
        std::uint64_t bytes;
        fs::path path;
    };
    std::vector<Kept> all;
    std::error_code error;
    for (fs::directory_iterator each(folder_, error), end; !error && each != end; each.increment(error)) {
        std::error_code gone;  // another program may tidy too
        const auto used = each->last_write_time(gone);
        const bool whole = each->path().extension() == kEnding, unfinished = each->path().extension() == kUnfinished;
        if (gone || !(whole || unfinished) || !each->is_regular_file(gone)) continue;
        if (unfinished && fs::file_time_type::clock::now() - used > kLeftBehind) {
            fs::remove(each->path(), gone);
            continue;
        }
        if (const std::uint64_t size = each->file_size(gone); !gone) all.push_back({used, size, each->path()});
    }
    for (const Kept& one : all) bytes += one.bytes;
    std::ranges::sort(all, {}, &Kept::used);
    for (const Kept& one : all) {
        if (bytes <= most_bytes_) return;
        if (one.path.extension() != kEnding) continue;
        fs::remove(one.path, error);
        bytes -= one.bytes;
    }
}

bool TextureCache::compress(SceneAsset& asset, std::vector<Image>* lacking) const {
    const auto images = compressible_images(asset);
    std::vector<TextureLevels> found;
    std::vector<std::size_t> missing;
    for (const std::size_t i : images) {
        auto levels = read(asset.images[i]);
        if (levels) found.push_back(std::move(*levels));
        else missing.push_back(i);
        if (!missing.empty()) found.clear();
        if (!missing.empty() && lacking == nullptr) return false;
    }
    for (const std::size_t i : missing) lacking->push_back(asset.images[i]);
    if (images.empty() || !missing.empty()) return false;
    for (std::size_t k = 0; k < images.size(); ++k) {
        asset.images[images[k]].mips = std::move(found[k]);
        asset.images[images[k]].bc7 = true;
    }
    return true;
}

}  // namespace accalmie::content
