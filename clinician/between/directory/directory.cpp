// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/directory/directory.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "clinician/between/folded_text.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::optional<int> whole_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_integer() ? std::optional(found->get<int>()) : std::nullopt;
}
std::optional<double> number_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

// What was not stated has no field.
json payload_of(const Service& service, int version) {
    json out{{"id", service.id}, {"version", version}, {"name", service.name}, {"type", name_of(service.type)}};
    const auto text = [&](const char* name, const std::string& value) {
        if (!value.empty()) out[name] = value;
    };
    text("long_name", service.long_name);
    text("street", service.street);
    text("postcode", service.postcode);
    text("town", service.town);
    text("department", service.department);
    text("telephone", service.telephone);
    text("opening", service.opening);
    if (service.latitude_deg) out["latitude_deg"] = *service.latitude_deg;
    if (service.longitude_deg) out["longitude_deg"] = *service.longitude_deg;
    if (service.age_min) out["age_min"] = *service.age_min;
    if (service.age_max) out["age_max"] = *service.age_max;
    if (!service.products.empty()) out["products"] = service.products;
    return out;
}

Service service_of(const json& payload) {
    Service service;
    service.id = text_of(payload, "id");
    service.name = text_of(payload, "name");
    service.long_name = text_of(payload, "long_name");
    service.type = service_type(text_of(payload, "type")).value_or(ServiceType::other);
    service.street = text_of(payload, "street");
    service.postcode = text_of(payload, "postcode");
    service.town = text_of(payload, "town");
    service.department = text_of(payload, "department");
    service.telephone = text_of(payload, "telephone");
    service.opening = text_of(payload, "opening");
    service.latitude_deg = number_of(payload, "latitude_deg");
    service.longitude_deg = number_of(payload, "longitude_deg");
    service.age_min = whole_of(payload, "age_min");
    service.age_max = whole_of(payload, "age_max");
    if (const auto list = payload.find("products"); list != payload.end() && list->is_array())
        for (const json& each : *list)
            if (each.is_string()) service.products.push_back(each.get<std::string>());
    return service;
}

// Visits the rows of the directory whose payload can be read.
template <class Visit>
Result<void> each_row(const records::Study& study, std::string_view kind, Visit visit) {
    return study.ledger().read("", [&](const records::Row& row) {
        if (row.kind != kind) return;
        if (const json payload = json::parse(row.payload, nullptr, false); payload.is_object()) visit(row, payload);
    });
}

bool has_words(const std::string& haystack, const std::string& words) {
    for (std::size_t from = 0; from < words.size();) {
        const std::size_t end = std::min(words.find(' ', from), words.size());
        if (end > from && !haystack.contains(std::string_view(words).substr(from, end - from))) return false;
        from = end + 1;
    }
    return true;
}

bool fits(const Service& service, const DirectorySearch& wanted) {
    if (wanted.type && service.type != *wanted.type) return false;
    if (wanted.age && ((service.age_min && *wanted.age < *service.age_min) || (service.age_max && *wanted.age > *service.age_max))) return false;
    return wanted.product.empty() || std::ranges::contains(service.products, wanted.product);
}

}  // namespace

const Service* Directory::find(std::string_view id) const {
    const auto found = std::ranges::find(services, id, &Service::id);
    return found == services.end() ? nullptr : &*found;
}

Directory make_directory(DirectoryVersion about, std::vector<Service> services) {
    Directory directory{std::move(about), std::move(services), {}};
    directory.folded.reserve(directory.services.size());
    for (const Service& s : directory.services)
        directory.folded.push_back(folded(std::format("{} {} {} {} {} {} {} {} {}", s.name, s.long_name, name_of(s.type), words_of(s.type).fr, words_of(s.type).en, s.postcode,
                                                      s.town, s.department, s.street)));
    return directory;
}

Result<Import> import_directory(records::Study& study, const records::Account& account, const DirectoryFile& file, const std::string& sha, bool skip_wrong) {
    if (auto allowed = records::require(account, records::Right::keep_directory); !allowed) return std::unexpected(allowed.error());
    if (!file.problems.empty() && !skip_wrong) {
        Error first = file.problems.front();
        if (file.problems.size() > 1) first.message += std::format("; {} more lines are wrong", file.problems.size() - 1);
        return std::unexpected(std::move(first));
    }
    if (file.services.empty()) return std::unexpected(Error{"the file lists no service", "nothing was imported; the current directory stays"});
    auto current = read_directory(study);
    if (!current) return std::unexpected(current.error());
    if (current->services == file.services) return Import{current->about, false};
    const DirectoryVersion about{.version = current->about.version + 1, .sha = sha, .rows = static_cast<int>(file.services.size()),
                                 .skipped = static_cast<int>(file.problems.size()), .utc = "", .by = account.name};
    std::vector<records::NewRow> rows;
    rows.reserve(file.services.size() + 1);
    const json head{{"rows", about.rows}, {"sha", sha}, {"skipped", about.skipped}, {"version", about.version}};
    rows.push_back(records::row_by(account, "directory.imported", head.dump()));
    for (const Service& service : file.services) rows.push_back(records::row_by(account, "directory.service", payload_of(service, about.version).dump(-1, ' ', false, json::error_handler_t::replace)));
    if (auto written = study.ledger().append(rows); !written) return std::unexpected(written.error());
    return Import{about, true};
}

Result<std::vector<DirectoryVersion>> directory_versions(const records::Study& study) {
    std::vector<DirectoryVersion> versions;
    auto read = each_row(study, "directory.imported", [&](const records::Row& row, const json& payload) {
        versions.push_back({whole_of(payload, "version").value_or(0), text_of(payload, "sha"), whole_of(payload, "rows").value_or(0), whole_of(payload, "skipped").value_or(0), row.utc,
                            row.actor});
    });
    if (!read) return std::unexpected(read.error());
    return versions;
}

Result<Directory> read_directory(const records::Study& study, std::optional<int> version) {
    auto versions = directory_versions(study);
    if (!versions) return std::unexpected(versions.error());
    if (versions->empty() && !version) return Directory{};
    const auto chosen = version ? std::ranges::find(*versions, *version, &DirectoryVersion::version) : std::prev(versions->end());
    if (chosen == versions->end())
        return std::unexpected(Error{std::format("there is no version {} of the directory", *version), std::format("{} were imported", versions->size())});
    std::vector<Service> services;
    auto read = each_row(study, "directory.service", [&](const records::Row&, const json& payload) {
        if (whole_of(payload, "version") == chosen->version) services.push_back(service_of(payload));
    });
    if (!read) return std::unexpected(read.error());
    return make_directory(*chosen, std::move(services));
}

std::vector<FoundService> search(const Directory& directory, const DirectorySearch& wanted) {
    const std::string words = folded(wanted.text);
    std::vector<FoundService> found;
    for (std::size_t i = 0; i < directory.services.size(); ++i) {
        const Service& service = directory.services[i];
        if (!fits(service, wanted) || !has_words(directory.folded[i], words)) continue;
        FoundService hit{i, std::nullopt};
        if (const auto at = position_of(service); at && wanted.near) hit.distance_km = distance_km(*wanted.near, *at);
        if (wanted.within_km && wanted.near && (!hit.distance_km || *hit.distance_km > *wanted.within_km)) continue;
        found.push_back(hit);
    }
    // the folded line begins with the name, so it sorts by name without a second folding
    const auto order = [&](const FoundService& hit) {
        return std::tuple(hit.distance_km.value_or(INFINITY), std::string_view(directory.folded[hit.index]), std::string_view(directory.services[hit.index].id));
    };
    std::ranges::sort(found, {}, order);
    return found;
}

Result<GeoPoint> locate(const Directory& directory, const std::string& place) {
    if (const auto comma = place.find(','); comma != std::string::npos) {
        double values[2] = {0, 0};
        std::string_view parts[2] = {std::string_view(place).substr(0, comma), std::string_view(place).substr(comma + 1)};
        bool numbers = true;
        for (int i = 0; i < 2; ++i) {
            parts[i].remove_prefix(std::min(parts[i].find_first_not_of(' '), parts[i].size()));
            const auto [end, fault] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), values[i]);
            numbers = numbers && fault == std::errc() && end == parts[i].data() + parts[i].size();
        }
        if (numbers && std::abs(values[0]) <= 90 && std::abs(values[1]) <= 180) return GeoPoint{values[0], values[1]};
        if (numbers) return std::unexpected(Error{std::format("'{}' lies on no globe", place), "latitude from -90 to 90, longitude from -180 to 180"});
    }
    GeoPoint sum;
    int count = 0;
    for (const Service& service : directory.services) {
        const auto at = position_of(service);
        if (!at || folded(service.town) != folded(place)) continue;
        sum.latitude_deg += at->latitude_deg;
        sum.longitude_deg += at->longitude_deg;
        ++count;
    }
    if (count == 0) return std::unexpected(Error{std::format("'{}' is neither a position nor a town of the directory", place), "write latitude,longitude such as 48.85,2.35"});
    return GeoPoint{sum.latitude_deg / count, sum.longitude_deg / count};
}

}  // namespace accalmie::between
