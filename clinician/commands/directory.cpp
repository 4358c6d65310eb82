// SPDX-License-Identifier: Apache-2.0
// `accalmie directory`: services to refer to, found, drawn and referred to.
#include <cstdlib>
#include <format>
#include <fstream>
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/between/directory/map_marks.h"
#include "clinician/between/directory/referrals.h"
#include "clinician/between/map/map_svg.h"
#include "clinician/commands/account_option.h"
#include "scenes/data_root.h"

namespace accalmie::commands {
namespace {

using nlohmann::json;

struct Options {
    AccountOption account;
    std::vector<std::string> map_columns;
    std::string file, text, type, product, near, out, patient, service, reason, language = "fr", referral, on;
    std::optional<int> age, version;
    std::optional<double> within_km;
    bool skip_wrong = false, as_json = false, sent = false, received = false, seen = false, declined = false;
};
using Shared = std::shared_ptr<Options>;

template <class T>
T need(Result<T> result) {
    if (!result) fail(result.error());
    return *std::move(result);
}

void print_json(const json& value) { std::println("{}", value.dump(2, ' ', false, json::error_handler_t::replace)); }

// Whoever keeps the directory may look into it, and so may whoever refers patients: the account's role says by which right.
SignedIn sign_in_to_look(const Options& options) {
    std::string name = options.account.account;
    if (const char* variable = std::getenv("ACCALMIE_ACCOUNT"); name.empty() && variable) name = variable;
    records::Right right = records::Right::read_clinical;
    for (const auto& each : need(records::accounts(options.account.open(true))))
        if (each.name == name && records::may(each.role, records::Right::keep_directory)) right = records::Right::keep_directory;
    return options.account.sign_in(right);
}

void import(const Options& options) {
    SignedIn signed_in = options.account.sign_in(records::Right::keep_directory);
    const auto names = need(between::parse_column_names(options.map_columns));
    const auto file = need(between::read_directory_file(need(between::read_csv_table(options.file)), names));
    for (const Error& problem : file.problems) std::println(stderr, "{}", describe(problem));
    if (!file.problems.empty() && !options.skip_wrong)
        fail(std::format("{}: {} of {} lines are wrong, nothing was imported", options.file, file.problems.size(), file.problems.size() + file.services.size()),
             "correct them, or leave them out with --skip-wrong");
    const auto sha = need(records::file_hash(options.file));
    const auto done = need(between::import_directory(signed_in.study, signed_in.account, file, records::to_hex(sha), options.skip_wrong));
    if (options.as_json)
        print_json({{"new", done.is_new}, {"version", done.about.version}, {"rows", done.about.rows}, {"skipped", done.about.skipped}, {"sha", done.about.sha}});
    else if (!done.is_new)
        std::println("the directory says that already: version {}, {} services; nothing was imported", done.about.version, done.about.rows);
    else
        std::println("directory version {}: {} services imported, {} wrong lines left out", done.about.version, done.about.rows, done.about.skipped);
    finish(0);
}

between::DirectorySearch wanted_of(const Options& options, const between::Directory& directory) {
    between::DirectorySearch wanted{.text = options.text, .type = std::nullopt, .age = options.age, .product = "", .near = std::nullopt, .within_km = options.within_km};
    if (!options.type.empty()) {
        wanted.type = between::service_type(options.type);
        if (!wanted.type) fail(std::format("'{}' is not a type of service", options.type), "CMP, CJC, CSAPA, CAARUD, HOSPITAL, MDA or OTHER");
    }
    if (!options.product.empty()) {
        const auto code = between::product_code(options.product);
        if (!code) fail(std::format("'{}' is not a product this directory knows", options.product), "alcohol, cannabis, cocaine, gambling, medicines, opioids, screens, stimulants, tobacco");
        wanted.product = *code;
    }
    if (!options.near.empty()) wanted.near = need(between::locate(directory, options.near));
    if (wanted.within_km && !wanted.near) fail("--within needs a place to measure from", "add --near TOWN or --near LATITUDE,LONGITUDE");
    return wanted;
}

json json_of(const between::Service& service, const std::optional<double>& distance_km) {
    json out{{"id", service.id}, {"name", service.name}, {"type", between::name_of(service.type)}, {"street", service.street}, {"postcode", service.postcode}, {"town", service.town},
             {"department", service.department}, {"telephone", service.telephone}, {"opening", service.opening}, {"products", service.products}};
    const auto optional = [&](const char* name, const auto& value) { out[name] = value ? json(*value) : json(); };
    optional("latitude_deg", service.latitude_deg);
    optional("longitude_deg", service.longitude_deg);
    optional("age_min", service.age_min);
    optional("age_max", service.age_max);
    optional("distance_km", distance_km);
    return out;
}

void search(const Options& options) {
    const SignedIn signed_in = sign_in_to_look(options);
    const auto directory = need(between::read_directory(signed_in.study, options.version));
    if (directory.about.version == 0) fail("the study has no directory yet", "accalmie directory import FILE brings one");
    const auto found = between::search(directory, wanted_of(options, directory));
    if (options.as_json) {
        json list = json::array();
        for (const auto& hit : found) list.push_back(json_of(directory.services[hit.index], hit.distance_km));
        print_json({{"version", directory.about.version}, {"count", found.size()}, {"services", list}});
        finish(0);
    }
    for (const auto& hit : found) {
        const auto& service = directory.services[hit.index];
        const std::string distance = hit.distance_km ? std::format("{:8.1f} km", *hit.distance_km) : "";
        std::println("{:<10} {:<8} {:<38} {:<8} {:<24} {:<14} {}", service.id, between::name_of(service.type), service.name, service.postcode, service.town, service.telephone, distance);
    }
    std::println("{} of {} services (directory version {})", found.size(), directory.services.size(), directory.about.version);
    finish(0);
}

void map(const Options& options) {
    const SignedIn signed_in = sign_in_to_look(options);
    const auto directory = need(between::read_directory(signed_in.study, options.version));
    if (directory.about.version == 0) fail("the study has no directory yet", "accalmie directory import FILE brings one");
    const auto found = between::search(directory, wanted_of(options, directory));
    const auto shipped = need(between::Map::load(need(scenes::find_data_root())));
    const auto drawn = between::directory_picture(shipped, directory, found, options.language);
    std::ofstream out(options.out, std::ios::binary | std::ios::trunc);
    out << between::map_svg(shipped, drawn.marks, drawn.picture);
    out.close();
    if (!out) fail(options.out + " cannot be written", "check the path, its rights and the room on the disk");
    if (options.as_json)
        print_json({{"out", options.out}, {"placed", drawn.marks.size()}, {"without_place", drawn.without_place}, {"version", directory.about.version}});
    else
        std::println("wrote {}: {} services on the map, {} without a place on it (directory version {})", options.out, drawn.marks.size(), drawn.without_place, directory.about.version);
    finish(0);
}

json json_of(const between::Referral& referral) {
    json out{{"referral", referral.id}, {"pseudonym", referral.pseudonym}, {"service", referral.service}, {"service_name", referral.service_name}, {"town", referral.service_town},
             {"directory", referral.directory}, {"letter", referral.letter_sha}, {"state", between::name_of(referral.step)}, {"by", referral.by}};
    for (int i = 0; i < between::kReferralSteps; ++i) {
        const auto& on = referral.on[static_cast<std::size_t>(i)];
        out[std::string(between::name_of(static_cast<between::ReferralStep>(i))) + "_on"] = on.empty() ? json() : json(on);
    }
    const auto days = referral.days_to_first_appointment();
    out["days_to_first_appointment"] = days ? json(*days) : json();
    return out;
}

void print_referral(const between::Referral& referral) {
    const auto days = referral.days_to_first_appointment();
    std::println("{:<6} {:<8} {:<9} {}  {} {}{}", referral.id, referral.pseudonym, between::name_of(referral.step), referral.on[static_cast<std::size_t>(referral.step)],
                 referral.service_name, referral.service_town, days ? std::format("  first appointment after {} days", *days) : "");
}

void refer(const Options& options) {
    SignedIn signed_in = options.account.sign_in(records::Right::record_clinical);
    const between::NewReferral wanted{.pseudonym = options.patient, .service = options.service, .reason = options.reason,
                                      .on = options.on.empty() ? between::local_day() : options.on, .letter_path = options.out, .language = options.language};
    const auto made = need(between::make_referral(signed_in.study, signed_in.account, wanted));
    if (options.as_json) print_json(json_of(made));
    else std::println("referral {} of {} to {}: letter {} (write the name on it by hand; the program prints none)", made.id, made.pseudonym, made.service_name, options.out);
    finish(0);
}

void track(const Options& options) {
    SignedIn signed_in = options.account.sign_in(records::Right::record_clinical);
    const auto step = options.sent ? between::ReferralStep::sent : options.received ? between::ReferralStep::received : options.seen ? between::ReferralStep::seen : between::ReferralStep::declined;
    const std::string today = between::local_day();
    const auto tracked = need(between::track_referral(signed_in.study, signed_in.account, options.referral, step, options.on.empty() ? today : options.on, today));
    if (options.as_json) print_json(json_of(tracked));
    else print_referral(tracked);
    finish(0);
}

void referrals(const Options& options) {
    const SignedIn signed_in = options.account.sign_in(records::Right::read_clinical);
    const auto all = need(between::read_referrals(signed_in.study));
    json list = json::array();
    for (const auto& each : all)
        if (options.patient.empty() || each.pseudonym == options.patient) {
            if (options.as_json) list.push_back(json_of(each));
            else print_referral(each);
        }
    if (options.as_json) print_json(list);
    else if (all.empty()) std::println("no referrals yet");
    finish(0);
}

void add_filters(CLI::App& command, Options& options) {
    command.add_option("--text", options.text, "Words of the name, the type, the town, the postcode; case and accents do not matter")->type_name("WORDS");
    command.add_option("--type", options.type, "CMP, CJC, CSAPA, CAARUD, HOSPITAL, MDA or OTHER")->type_name("TYPE");
    command.add_option("--age", options.age, "The patient's age in years; a service that states no limits takes every age")->check(CLI::Range(0, 120));
    command.add_option("--product", options.product, "A product the service has to name: alcohol, cannabis, cocaine, ...")->type_name("PRODUCT");
    command.add_option("--near", options.near, "Sort by distance from a town of the directory, or from LATITUDE,LONGITUDE")->type_name("PLACE");
    command.add_option("--within", options.within_km, "Only services so near, in kilometres")->check(CLI::NonNegativeNumber)->type_name("KM");
    command.add_option("--directory-version", options.version, "An older version of the directory (the newest)")->type_name("N");
    command.add_flag("--json", options.as_json, "Answer in JSON");
}

void add_language(CLI::App& command, Options& options) {
    command.add_option("--language", options.language, "fr or en")->check(CLI::IsMember({"fr", "en"}))->capture_default_str();
}

void add_looking(CLI::App& directory, const Shared& options) {
    CLI::App& bring = *directory.add_subcommand("import", "Bring a table of services in (CSV in the form of FINESS extracts); it becomes the current directory");
    options->account.add(bring);
    bring.add_option("FILE", options->file, "CSV: nofinesset, rs, type, codepostal, commune; and where they are rslongue, numvoie, typvoie, voie, departement, telephone, latitude, "
                                            "longitude, age_min, age_max, products, opening")->required();
    bring.add_option("--map", options->map_columns, "Read one of these columns from another one of the file: rs=nom (again for each)")->type_name("OURS=THEIRS")->allow_extra_args(false);
    bring.add_flag("--skip-wrong", options->skip_wrong, "Import the right lines although others are wrong; how many were left out is recorded");
    bring.add_flag("--json", options->as_json, "Answer in JSON");
    bring.footer("Example: accalmie directory import assets/samples/services.csv --study ./crave --key-file site.key --account a.martin");
    bring.callback([options] { import(*options); });

    CLI::App& find = *directory.add_subcommand("search", "Find services by words, type, age, product and distance");
    options->account.add(find);
    add_filters(find, *options);
    find.footer("Example: accalmie directory search --type CJC --age 17 --product cannabis --near Paris --study ./crave --key-file site.key --account a.martin");
    find.callback([options] { search(*options); });

    CLI::App& draw = *directory.add_subcommand("map", "Draw the services found on the map of France and its territories overseas, as SVG");
    options->account.add(draw);
    add_filters(draw, *options);
    add_language(draw, *options);
    draw.add_option("--out", options->out, "SVG file to write")->required()->type_name("FILE");
    draw.footer("Example: accalmie directory map --type CMP --out cmp.svg --study ./crave --key-file site.key --account a.martin");
    draw.callback([options] { map(*options); });
}

void add_referring(CLI::App& directory, const Shared& options) {
    CLI::App& letter = *directory.add_subcommand("refer", "Write a referral letter (PDF) and record that it was made; names are written on it by hand");
    options->account.add(letter);
    letter.add_option("--patient", options->patient, "Pseudonym")->required()->type_name("P");
    letter.add_option("--service", options->service, "Number of the service (accalmie directory search)")->required()->type_name("ID");
    letter.add_option("--reason", options->reason, "Why, in your own words; stands in the letter only, not in the record")->required()->type_name("TEXT");
    letter.add_option("--out", options->out, "PDF file to write")->required()->type_name("FILE");
    letter.add_option("--on", options->on, "The day on the letter, YYYY-MM-DD (today)")->type_name("DAY");
    add_language(letter, *options);
    letter.add_flag("--json", options->as_json, "Answer in JSON");
    letter.footer("Example: accalmie directory refer --patient P-7Q4K --service 990000002 --reason 'Wishes to talk about cannabis' --out letter.pdf --study ./crave --key-file site.key --account a.martin");
    letter.callback([options] { refer(*options); });

    CLI::App& follow = *directory.add_subcommand("track", "Record how far a referral has come: sent, received, then seen or declined");
    options->account.add(follow);
    follow.add_option("REFERRAL", options->referral, "Its id, such as R0001")->required();
    CLI::Option_group& steps = *follow.add_option_group("step");
    steps.add_flag("--sent", options->sent, "The letter went off");
    steps.add_flag("--received", options->received, "The service says that it has it");
    steps.add_flag("--seen", options->seen, "The first appointment was kept");
    steps.add_flag("--declined", options->declined, "The service cannot take it on");
    steps.require_option(1);
    follow.add_option("--on", options->on, "The day, YYYY-MM-DD (today)")->type_name("DAY");
    follow.add_flag("--json", options->as_json, "Answer in JSON");
    follow.footer("Example: accalmie directory track R0001 --sent --on 2026-11-24 --study ./crave --key-file site.key --account a.martin");
    follow.callback([options] { track(*options); });

    CLI::App& all = *directory.add_subcommand("referrals", "List the referrals, how far each has come, and the days to the first appointment");
    options->account.add(all);
    all.add_option("--patient", options->patient, "Only this pseudonym's")->type_name("P");
    all.add_flag("--json", options->as_json, "Answer in JSON");
    all.footer("Example: accalmie directory referrals --study ./crave --key-file site.key --account a.martin");
    all.callback([options] { referrals(*options); });
}

}  // namespace

void add_directory(CLI::App& app) {
    CLI::App& directory = *app.add_subcommand("directory", "The services to refer to: import, search, map, referral letters and how far they have come");
    directory.require_subcommand(1);
    directory.footer("Example: accalmie directory search --type CJC --near Paris --study ./crave --key-file site.key --account a.martin");
    const auto options = std::make_shared<Options>();
    add_looking(directory, options);
    add_referring(directory, options);
}

}  // namespace accalmie::commands
