// SPDX-License-Identifier: Apache-2.0
#include "records_crash_vfs.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>

#include <sqlcipher/sqlite3.h>

namespace accalmie::records::test {

struct CrashVfs::Layer {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    CrashVfs* owner = nullptr;
};

namespace {

// Lies in the memory that SQLite gives for a file; the real file follows it.
struct Handle {
    sqlite3_file base;
    CrashVfs* owner;
    char* name;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(this) + offset()); }
    static constexpr std::size_t offset() { return (sizeof(Handle) + 15) & ~std::size_t{15}; }
};
Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return handle_of(file).real(); }
CrashVfs::Layer& layer_of(sqlite3_vfs* vfs) { return *static_cast<CrashVfs::Layer*>(vfs->pAppData); }

int refused(Handle& handle, DiskOperation operation) { return handle.owner->refuse ? handle.owner->refuse(operation, handle.name) : SQLITE_OK; }

int write(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    if (const int code = refused(handle, DiskOperation::write)) return code;
    sqlite3_int64 size = 0;
    handle.real()->pMethods->xFileSize(handle.real(), &size);
    const sqlite3_int64 growth = std::max<sqlite3_int64>(0, offset + amount - size);
    if (handle.owner->bytes_left) {
        if (growth > *handle.owner->bytes_left) return SQLITE_FULL;
        *handle.owner->bytes_left -= growth;
    }
    const int code = handle.real()->pMethods->xWrite(handle.real(), data, amount, offset);
    if (code == SQLITE_OK)
        handle.owner->log.push_back({.operation = DiskOperation::write, .file = handle.name, .offset = offset, .bytes = std::string(static_cast<const char*>(data), static_cast<std::size_t>(amount))});
    return code;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = handle_of(file);
    if (const int code = refused(handle, DiskOperation::truncate)) return code;
    const int code = handle.real()->pMethods->xTruncate(handle.real(), size);
    if (code == SQLITE_OK) handle.owner->log.push_back({.operation = DiskOperation::truncate, .file = handle.name, .offset = size});
    return code;
}

int sync(sqlite3_file* file, int flags) {
    Handle& handle = handle_of(file);
    if (const int code = refused(handle, DiskOperation::sync)) return code;
    const int code = handle.real()->pMethods->xSync(handle.real(), flags);
    if (code == SQLITE_OK) handle.owner->log.push_back({.operation = DiskOperation::sync, .file = handle.name});
    return code;
}

int close(sqlite3_file* file) {
    Handle& handle = handle_of(file);
    const int code = handle.real()->pMethods ? handle.real()->pMethods->xClose(handle.real()) : SQLITE_OK;
    delete[] handle.name;
    handle.name = nullptr;
    return code;
}

const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close,
    .xRead = [](sqlite3_file* f, void* data, int amount, sqlite3_int64 offset) { return real_of(f)->pMethods->xRead(real_of(f), data, amount, offset); },
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real_of(f)->pMethods->xFileSize(real_of(f), size); },
    .xLock = [](sqlite3_file* f, int kind) { return real_of(f)->pMethods->xLock(real_of(f), kind); },
    .xUnlock = [](sqlite3_file* f, int kind) { return real_of(f)->pMethods->xUnlock(real_of(f), kind); },
    .xCheckReservedLock = [](sqlite3_file* f, int* result) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), result); },
    .xFileControl = [](sqlite3_file* f, int what, void* value) { return real_of(f)->pMethods->xFileControl(real_of(f), what, value); },
    .xSectorSize = [](sqlite3_file* f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); },
    .xDeviceCharacteristics = [](sqlite3_file* f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); },
    .xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** memory) { return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, memory); },
    .xShmLock = [](sqlite3_file* f, int offset, int count, int flags) { return real_of(f)->pMethods->xShmLock(real_of(f), offset, count, flags); },
    .xShmBarrier = [](sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); },
    .xShmUnmap = [](sqlite3_file* f, int remove) { return real_of(f)->pMethods->xShmUnmap(real_of(f), remove); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
    CrashVfs::Layer& layer = layer_of(vfs);
    Handle& handle = *new (file) Handle{};
    const int code = layer.real->xOpen(layer.real, name, handle.real(), flags, flags_out);
    if (code != SQLITE_OK) return code;
    handle.owner = layer.owner;
    const std::string text = name ? name : "";
    handle.name = new char[text.size() + 1];
    std::memcpy(handle.name, text.c_str(), text.size() + 1);
    handle.base.pMethods = &methods;
    return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    CrashVfs::Layer& layer = layer_of(vfs);
    const int code = layer.real->xDelete(layer.real, name, sync_directory);
    if (code == SQLITE_OK) layer.owner->log.push_back({.operation = DiskOperation::remove, .file = name});
    return code;
}

}  // namespace

CrashVfs::CrashVfs() : layer_(std::make_unique<Layer>()) {
    layer_->real = sqlite3_vfs_find(nullptr);
    layer_->owner = this;
    layer_->vfs = *layer_->real;  // everything that is not changed below goes to the real one
    sqlite3_vfs& vfs = layer_->vfs;
    vfs.szOsFile = static_cast<int>(Handle::offset()) + layer_->real->szOsFile;
    vfs.zName = "accalmie-crash";
    vfs.pAppData = layer_.get();
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = [](sqlite3_vfs* v, const char* name, int flags, int* result) { return layer_of(v).real->xAccess(layer_of(v).real, name, flags, result); };
    vfs.xFullPathname = [](sqlite3_vfs* v, const char* name, int size, char* out) { return layer_of(v).real->xFullPathname(layer_of(v).real, name, size, out); };
    vfs.xGetLastError = [](sqlite3_vfs* v, int size, char* out) { return layer_of(v).real->xGetLastError(layer_of(v).real, size, out); };
    sqlite3_vfs_register(&vfs, 1);
}

CrashVfs::~CrashVfs() {
    sqlite3_vfs_unregister(&layer_->vfs);
    sqlite3_vfs_register(layer_->real, 1);
}

void DiskModel::apply(std::string& content, const Piece& piece) {
    const auto offset = static_cast<std::size_t>(piece.offset);
    if (piece.truncates) {
        content.resize(std::min(content.size(), offset));
        return;
    }
    if (content.size() < offset + piece.bytes.size()) content.resize(offset + piece.bytes.size(), '\0');
    content.replace(offset, piece.bytes.size(), piece.bytes);
}

void DiskModel::play(const DiskEvent& event) {
    if (event.operation == DiskOperation::acknowledge) return;
    if (event.operation == DiskOperation::remove) {
        files_.erase(event.file);
        return;
    }
    File& file = files_[event.file];
    if (event.operation == DiskOperation::truncate) {
        file.pending.push_back({.offset = event.offset, .truncates = true});
    } else if (event.operation == DiskOperation::write) {
        for (std::size_t at = 0; at < event.bytes.size();) {  // cut where the disk's sectors are
            const auto offset = event.offset + static_cast<std::int64_t>(at);
            const auto length = std::min<std::size_t>(event.bytes.size() - at, static_cast<std::size_t>(512 - offset % 512));
            file.pending.push_back({.offset = offset, .bytes = event.bytes.substr(at, length)});
            at += length;
        }
    } else {
        for (const Piece& piece : file.pending) apply(file.synced, piece);
        file.pending.clear();
    }
}

void DiskModel::leave(const std::string& directory, Cut cut, std::mt19937_64& random) const {
    const std::uint64_t chance = 1 + random() % 7;  // of 8: how much of the rest arrived
    for (const auto& [path, file] : files_) {
        std::string content = file.synced;
        for (const Piece& piece : file.pending)
            if (cut == Cut::everything || (cut == Cut::torn && random() % 8 < chance)) apply(content, piece);
        std::ofstream(std::filesystem::path(directory) / std::filesystem::path(path).filename(), std::ios::binary | std::ios::trunc) << content;
    }
}

}  // namespace accalmie::records::test
