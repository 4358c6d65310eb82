// SPDX-License-Identifier: Apache-2.0
// Owns: what the directory knows of one service, its type and the products it cares for. Never: a person's name. Units: degrees, years,
// kilometres. Thread: values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/plan.h"

namespace accalmie::between {

enum class ServiceType : std::uint8_t { cmp, cjc, csapa, caarud, hospital, adolescents, other };
inline constexpr int kServiceTypes = 7;
std::string_view name_of(ServiceType type);                     // "CMP", ... "HOSPITAL", "MDA", "OTHER": in rows, options and exports
const protocols::Text& words_of(ServiceType type);              // what it is, in plain words
std::optional<ServiceType> service_type(std::string_view word); // also the French words that files use: "addictologie", "maison des adolescents"

struct Product {
    std::string_view code;      // "cannabis": in rows and options
    protocols::Text words;
};
std::span<const Product> products();
std::optional<std::string_view> product_code(std::string_view word);  // "Alcool" and "alcohol" are both "alcohol"

struct Service {
    std::string id;                                              // its FINESS number or what stands for one, unique in the directory
    std::string name, long_name;
    ServiceType type = ServiceType::other;
    std::string street, postcode, town, department, telephone, opening;
    std::optional<double> latitude_deg, longitude_deg;           // both or none
    std::optional<int> age_min, age_max;                         // none: no limit was stated
    std::vector<std::string> products;                           // codes, sorted; none: not stated
    bool operator==(const Service&) const = default;
};

struct GeoPoint {
    double latitude_deg = 0, longitude_deg = 0;
};
std::optional<GeoPoint> position_of(const Service& service);
// Great-circle distance by the haversine formula on a sphere of 6371.0088 km (the mean radius of IUGG): within 0.6 % of the ellipsoid.
double distance_km(GeoPoint a, GeoPoint b);

}  // namespace accalmie::between
