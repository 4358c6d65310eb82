// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/directory/referrals.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <format>
#include <map>
#include <utility>

#include <ctime>

#include <nlohmann/json.hpp>

#include "clinician/between/csv_table.h"
#include "clinician/reports/referral_letter.h"

namespace accalmie::between {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, kReferralSteps> kSteps{"made", "sent", "received", "seen", "declined"};
constexpr std::size_t kLongestReason = 3000;
constexpr std::string_view kPrefix = "referral.";

std::string text_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int whole_of(const json& payload, const char* name) {
    const auto found = payload.find(name);
    return found != payload.end() && found->is_number_integer() ? found->get<int>() : 0;
}

std::size_t place_of(ReferralStep step) { return static_cast<std::size_t>(step); }

// What may come after a step, as an error names it.
std::string steps_after(ReferralStep before) {
    std::string out;
    for (int i = 0; i < kReferralSteps; ++i)
        if (may_follow(before, static_cast<ReferralStep>(i))) out += (out.empty() ? "" : " or ") + std::string(kSteps[static_cast<std::size_t>(i)]);
    return out.empty() ? "nothing follows it: make a new referral" : "what may follow is " + out;
}

std::vector<std::string> address_of(const Service& service) {
    std::vector<std::string> lines{service.long_name.empty() ? service.name : service.long_name};
    if (!service.street.empty()) lines.push_back(service.street);
    lines.push_back(service.postcode + " " + service.town);
    return lines;
}

// A path that no letter lies at yet, spaces around the reason gone, and all of it such that a letter can be written.
Result<std::string> reason_of(const NewReferral& wanted) {
    const auto first = wanted.reason.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return std::unexpected(Error{"a referral needs a reason", "say in your own words why this service, and what you ask of it"});
    std::string reason = wanted.reason.substr(first, wanted.reason.find_last_not_of(" \t\r\n") - first + 1);
    if (!is_utf8(reason)) return std::unexpected(Error{"the reason is not UTF-8 text", "type it again"});
    if (reason.size() > kLongestReason) return std::unexpected(Error{std::format("the reason is longer than {} bytes", kLongestReason), "a letter has one page"});
    if (!day_number(wanted.on)) return std::unexpected(Error{std::format("'{}' is not a day", wanted.on), "write YYYY-MM-DD"});
    if (wanted.letter_path.empty()) return std::unexpected(Error{"the letter has no file to go to", "name a PDF file"});
    std::error_code ignored;
    if (std::filesystem::exists(wanted.letter_path, ignored))
        return std::unexpected(Error{"there is a file already", "an earlier letter is never overwritten: choose another name", wanted.letter_path});
    return reason;
}

}  // namespace

std::string_view name_of(ReferralStep step) { return kSteps[place_of(step)]; }

bool may_follow(ReferralStep before, ReferralStep next) {
    using enum ReferralStep;
    if (before == made) return next == sent;
    if (before == sent) return next == received || next == seen || next == declined;
    return before == received && (next == seen || next == declined);
}

std::optional<int> Referral::days_to_first_appointment() const {
    const auto from = day_number(on[place_of(ReferralStep::sent)]), to = day_number(on[place_of(ReferralStep::seen)]);
    return from && to ? std::optional(*to - *from) : std::nullopt;
}

std::optional<int> day_number(std::string_view iso_day) {
    if (iso_day.size() != 10 || iso_day[4] != '-' || iso_day[7] != '-') return std::nullopt;
    int year = 0;
    unsigned month = 0, day = 0;
    const auto number = [&](std::size_t from, std::size_t to, auto& value) {
        const auto [end, fault] = std::from_chars(iso_day.data() + from, iso_day.data() + to, value);
        return fault == std::errc() && end == iso_day.data() + to;
    };
    if (iso_day[0] == '-' || !number(0, 4, year) || !number(5, 7, month) || !number(8, 10, day)) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    return static_cast<int>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::string local_day() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    return std::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

Result<std::vector<Referral>> read_referrals(const records::Study& study) {
    std::vector<Referral> referrals;
    std::map<std::pair<int, std::string>, std::pair<std::string, std::string>> places;  // version and id -> name and town
    auto read = study.ledger().read("", [&](const records::Row& row) {
        const bool service = row.kind == "directory.service";
        if (!service && !row.kind.starts_with(kPrefix)) return;
        const json payload = json::parse(row.payload, nullptr, false);
        if (!payload.is_object()) return;
        if (service) {
            places[{whole_of(payload, "version"), text_of(payload, "id")}] = {text_of(payload, "name"), text_of(payload, "town")};
            return;
        }
        const auto at = std::ranges::find(kSteps, std::string_view(row.kind).substr(kPrefix.size()));
        if (at == kSteps.end()) return;
        const auto step = static_cast<ReferralStep>(at - kSteps.begin());
        const std::string id = text_of(payload, "referral"), on = text_of(payload, "on");
        if (step == ReferralStep::made) {
            Referral made{.id = id, .pseudonym = text_of(payload, "pseudonym"), .service = text_of(payload, "service"), .directory = whole_of(payload, "directory"),
                          .letter_sha = text_of(payload, "letter"), .by = row.actor};
            made.on[0] = on;
            std::tie(made.service_name, made.service_town) = places[{made.directory, made.service}];
            referrals.push_back(std::move(made));
        } else if (const auto found = std::ranges::find(referrals, id, &Referral::id); found != referrals.end()) {
            found->step = step;
            found->on[place_of(step)] = on;
        }
    });
    if (!read) return std::unexpected(read.error());
    return referrals;
}

Result<Referral> make_referral(records::Study& study, const records::Account& account, const NewReferral& wanted) {
    if (auto allowed = records::require(account, records::Right::record_clinical); !allowed) return std::unexpected(allowed.error());
    auto reason = reason_of(wanted);
    if (!reason) return std::unexpected(reason.error());
    auto patients = study.patients();
    if (!patients) return std::unexpected(patients.error());
    if (!std::ranges::contains(*patients, wanted.pseudonym))
        return std::unexpected(Error{std::format("there is no patient {}", wanted.pseudonym), "accalmie study patients lists the pseudonyms"});
    auto directory = read_directory(study);
    if (!directory) return std::unexpected(directory.error());
    const Service* service = directory->find(wanted.service);
    if (!service) return std::unexpected(Error{std::format("the directory has no service {}", wanted.service), "accalmie directory search lists them with their numbers"});
    auto before = read_referrals(study);
    if (!before) return std::unexpected(before.error());

    Referral made{.id = std::format("R{:04}", before->size() + 1), .pseudonym = wanted.pseudonym, .service = service->id, .directory = directory->about.version,
                  .service_name = service->name, .service_town = service->town, .by = account.name};
    made.on[0] = wanted.on;
    const reports::ReferralLetter letter{.language = wanted.language, .site = study.info().site, .service = address_of(*service), .telephone = service->telephone,
                                         .referral = made.id, .pseudonym = made.pseudonym, .account = account.name, .on = wanted.on, .reason = *reason};
    if (auto written = reports::write_referral_letter(letter, wanted.letter_path); !written) return std::unexpected(written.error());
    const auto withdraw = [&](const Error& error) {
        std::error_code ignored;
        std::filesystem::remove(wanted.letter_path, ignored);
        return std::unexpected(error);
    };
    auto sha = records::file_hash(wanted.letter_path);
    if (!sha) return withdraw(sha.error());
    made.letter_sha = records::to_hex(*sha);
    const json payload{{"directory", made.directory}, {"letter", made.letter_sha}, {"on", wanted.on}, {"pseudonym", made.pseudonym}, {"referral", made.id}, {"service", made.service}};
    if (auto row = study.ledger().append(records::row_by(account, "referral.made", payload.dump())); !row) return withdraw(row.error());
    return made;
}

Result<Referral> track_referral(records::Study& study, const records::Account& account, const std::string& id, ReferralStep step, const std::string& on, const std::string& today) {
    if (auto allowed = records::require(account, records::Right::record_clinical); !allowed) return std::unexpected(allowed.error());
    auto all = read_referrals(study);
    if (!all) return std::unexpected(all.error());
    const auto found = std::ranges::find(*all, id, &Referral::id);
    if (found == all->end()) return std::unexpected(Error{std::format("there is no referral {}", id), "accalmie directory referrals lists them"});
    if (!may_follow(found->step, step))
        return std::unexpected(Error{std::format("referral {} is '{}': '{}' cannot follow", id, name_of(found->step), name_of(step)), steps_after(found->step)});
    const auto day = day_number(on);
    if (!day) return std::unexpected(Error{std::format("'{}' is not a day", on), "write YYYY-MM-DD"});
    if (const auto last = day_number(today); last && *day > *last) return std::unexpected(Error{std::format("{} is yet to come", on), std::format("today is {}", today)});
    const std::string& earlier = found->on[place_of(found->step)];
    if (const auto first = day_number(earlier); first && *day < *first)
        return std::unexpected(Error{std::format("{} is before referral {} was {} ({})", on, id, name_of(found->step), earlier), "check both days"});
    const json payload{{"on", on}, {"referral", id}};
    if (auto row = study.ledger().append(records::row_by(account, std::string(kPrefix) + std::string(name_of(step)), payload.dump())); !row) return std::unexpected(row.error());
    found->step = step;
    found->on[place_of(step)] = on;
    return *found;
}

}  // namespace accalmie::between
