// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/directory_tables.h"

#include <string>

#include "clinician/between/directory/referrals.h"

namespace accalmie::exports {
namespace {

std::optional<std::int64_t> wide(const std::optional<int>& value) { return value ? std::optional<std::int64_t>(*value) : std::nullopt; }

Result<Table> services(const records::Study& study) {
    Table table("services", "Services", "One row a service of the study's current directory, as it was imported.",
        {{"service", "string", "Number of the service (FINESS or what stands for it)", true}, {"directory_version", "integer", "Version of the directory", true},
         {"name", "string", "Name, as imported. A leading = + - @ has an apostrophe before it, for spreadsheets", true},
         {"type", "string", "Type; MDA: house for adolescents", true, {"CMP", "CJC", "CSAPA", "CAARUD", "HOSPITAL", "MDA", "OTHER"}},
         {"postcode", "string", "Postcode", true}, {"town", "string", "Town", true}, {"department", "string", "Department or territory"},
         {"latitude_deg", "number", "Latitude, degrees"}, {"longitude_deg", "number", "Longitude, degrees"},
         {"age_min", "integer", "Youngest age taken, years; missing: not stated"}, {"age_max", "integer", "Oldest age taken, years; missing: not stated"},
         {"products", "string", "Codes of the products it cares for, separated by |; missing: not stated"}, {"opening", "string", "Opening hours, as imported"}},
        {"service"});
    auto directory = between::read_directory(study);
    if (!directory) return std::unexpected(std::move(directory.error()));
    for (const auto& each : directory->services) {
        std::string products;
        for (const std::string& code : each.products) products += (products.empty() ? "" : "|") + code;
        table.cell(FreeText{each.id}).cell(std::int64_t{directory->about.version}).cell(FreeText{each.name}).cell(between::name_of(each.type)).cell(FreeText{each.postcode});
        table.cell(FreeText{each.town}).cell(FreeText{each.department}).cell(each.latitude_deg).cell(each.longitude_deg).cell(wide(each.age_min)).cell(wide(each.age_max));
        table.cell(products).cell(FreeText{each.opening}).end_row();
    }
    return table;
}

Result<Table> referrals(const records::Study& study) {
    Table table("referrals", "Referrals", "One row a referral. The reason stands in the letter alone, which is not part of the study.",
        {{"referral", "string", "Id of the referral", true}, {"pseudonym", "string", "Pseudonym of the patient", true}, {"service", "string", "Number of the service", true},
         {"directory_version", "integer", "Version of the directory it was chosen from", true},
         {"state", "string", "How far it has come", true, {"made", "sent", "received", "seen", "declined"}}, {"made_on", "date", "Day on the letter", true},
         {"sent_on", "date", "Day it was sent"}, {"received_on", "date", "Day the service had it"}, {"seen_on", "date", "Day of the first appointment"},
         {"declined_on", "date", "Day the service declined"}, {"days_to_first_appointment", "integer", "Days from sent to seen"},
         {"letter_sha", "string", "BLAKE2b-256 of the letter", true}, {"made_by", "string", "Account that wrote it", true}},
        {"referral"});
    auto all = between::read_referrals(study);
    if (!all) return std::unexpected(std::move(all.error()));
    for (const auto& each : *all) {
        table.cell(each.id).cell(each.pseudonym).cell(FreeText{each.service}).cell(std::int64_t{each.directory}).cell(between::name_of(each.step));
        for (const std::string& day : each.on) table.cell(day);
        table.cell(wide(each.days_to_first_appointment())).cell(each.letter_sha).cell(FreeText{each.by}).end_row();
    }
    return table;
}

}  // namespace

Result<std::vector<Table>> directory_tables(const records::Study& study) {
    std::vector<Table> tables;
    for (const auto make : {&services, &referrals}) {
        auto table = make(study);
        if (!table) return std::unexpected(std::move(table.error()));
        tables.push_back(std::move(*table));
    }
    return tables;
}

}  // namespace accalmie::exports
