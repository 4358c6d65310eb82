// SPDX-License-Identifier: Apache-2.0
// Owns: the directory as the study keeps it: imports (rows directory.imported and directory.service in one transaction), their versions,
// the newest of which is the current directory, and search in it. Older versions stay readable; a referral names the one it was made from.
// Never: changes a version, imports half a file, fetches anything. Errors: a line that can be shown. Units: kilometres, years.
// Thread: one owner; search() is pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "clinician/between/directory/directory_file.h"
#include "clinician/records/accounts.h"

namespace accalmie::between {

struct DirectoryVersion {
    int version = 0;              // from 1; 0: nothing was imported yet
    std::string sha;              // BLAKE2b-256 of the imported file
    int rows = 0, skipped = 0;    // services; wrong lines that were left out on demand
    std::string utc, by;          // when the row was written, the account
};

struct Directory {
    DirectoryVersion about;
    std::vector<Service> services;       // in the file's order
    std::vector<std::string> folded;     // of each service, the words that a search looks in
    const Service* find(std::string_view id) const;
};

// Needs keep_directory. What the file says and the current version says already is no new version: `is_new` is false, nothing is written.
struct Import {
    DirectoryVersion about;
    bool is_new = true;
};
Result<Import> import_directory(records::Study& study, const records::Account& account, const DirectoryFile& file, const std::string& sha, bool skip_wrong);

Result<std::vector<DirectoryVersion>> directory_versions(const records::Study& study);                    // oldest first
Result<Directory> read_directory(const records::Study& study, std::optional<int> version = std::nullopt);  // none: the current one, or an empty one
Directory make_directory(DirectoryVersion about, std::vector<Service> services);

struct DirectorySearch {
    std::string text;                    // every word has to be found; case and accents do not matter
    std::optional<ServiceType> type;
    std::optional<int> age;              // a service without stated limits takes every age
    std::string product;                 // a code; a service that states none is not found by one
    std::optional<GeoPoint> near;
    std::optional<double> within_km;     // of `near`; a service without a position is then left out
};

struct FoundService {
    std::size_t index = 0;               // of Directory::services
    std::optional<double> distance_km;   // with `near`, where the service has a position
};

// By distance with `near` (those without a position last), else by name; ties by id.
std::vector<FoundService> search(const Directory& directory, const DirectorySearch& wanted);
// "48.85,2.35", or a town of the directory: the middle of its services.
Result<GeoPoint> locate(const Directory& directory, const std::string& place);

}  // namespace accalmie::between
