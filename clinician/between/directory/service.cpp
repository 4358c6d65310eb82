// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/directory/service.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "clinician/between/folded_text.h"

namespace accalmie::between {
namespace {

struct TypeEntry {
    ServiceType type;
    std::string_view name;
    protocols::Text words;
    std::vector<std::string_view> also;  // folded
};

const std::array<TypeEntry, kServiceTypes>& types() {
    static const std::array<TypeEntry, kServiceTypes> table{{
        {ServiceType::cmp, "CMP", {"Community mental-health centre (CMP)", "Centre médico-psychologique (CMP)"}, {"centre medico-psychologique", "156"}},
        {ServiceType::cjc, "CJC", {"Clinic for young people who use (CJC)", "Consultation jeunes consommateurs (CJC)"}, {"consultation jeunes consommateurs"}},
        {ServiceType::csapa, "CSAPA", {"Addiction care centre (CSAPA)", "Centre de soins en addictologie (CSAPA)"}, {"197"}},
        {ServiceType::caarud, "CAARUD", {"Harm-reduction centre (CAARUD)", "Centre de réduction des risques (CAARUD)"}, {"178"}},
        {ServiceType::hospital, "HOSPITAL", {"Hospital addiction unit", "Addictologie hospitalière"}, {"addictologie", "addictologie hospitaliere", "hopital", "elsa"}},
        {ServiceType::adolescents, "MDA", {"House for adolescents", "Maison des adolescents"}, {"maison des adolescents"}},
        {ServiceType::other, "OTHER", {"Another service", "Autre service"}, {"autre"}},
    }};
    return table;
}

constexpr double kEarth_km = 6371.0088;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

std::string_view name_of(ServiceType type) { return types()[static_cast<std::size_t>(type)].name; }
const protocols::Text& words_of(ServiceType type) { return types()[static_cast<std::size_t>(type)].words; }

std::optional<ServiceType> service_type(std::string_view word) {
    const std::string wanted = folded(word);
    for (const TypeEntry& entry : types())
        if (folded(entry.name) == wanted || std::ranges::contains(entry.also, wanted)) return entry.type;
    return std::nullopt;
}

std::span<const Product> products() {
    static const std::array<Product, 9> table{{
        {"alcohol", {"alcohol", "alcool"}},
        {"cannabis", {"cannabis", "cannabis"}},
        {"cocaine", {"cocaine", "cocaïne"}},
        {"gambling", {"gambling", "jeux d’argent"}},
        {"medicines", {"medicines", "médicaments"}},
        {"opioids", {"opioids", "opioïdes"}},
        {"screens", {"screens and video games", "écrans et jeux vidéo"}},
        {"stimulants", {"other stimulants", "autres stimulants"}},
        {"tobacco", {"tobacco", "tabac"}},
    }};
    return table;
}

std::optional<std::string_view> product_code(std::string_view word) {
    const std::string wanted = folded(word);
    if (wanted == "ecrans") return "screens";
    for (const Product& product : products())
        if (product.code == wanted || folded(product.words.fr) == wanted || folded(product.words.en) == wanted) return product.code;
    return std::nullopt;
}

std::optional<GeoPoint> position_of(const Service& service) {
    if (!service.latitude_deg || !service.longitude_deg) return std::nullopt;
    return GeoPoint{*service.latitude_deg, *service.longitude_deg};
}

double distance_km(GeoPoint a, GeoPoint b) {
    const double half_lat = std::sin(radians(b.latitude_deg - a.latitude_deg) / 2), half_lon = std::sin(radians(b.longitude_deg - a.longitude_deg) / 2);
    const double h = half_lat * half_lat + std::cos(radians(a.latitude_deg)) * std::cos(radians(b.latitude_deg)) * half_lon * half_lon;
    return 2 * kEarth_km * std::asin(std::sqrt(std::clamp(h, 0.0, 1.0)));
}

}  // namespace accalmie::between
