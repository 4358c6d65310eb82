// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/csv_package.h"

#include <cctype>
#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <map>
#include <system_error>

#include <nlohmann/json.hpp>

#include "clinician/exports/study_tables.h"

namespace accalmie::exports {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view intended_use =
    "Research data from software for supervised use by clinicians. Accalmie is not a certified medical device, and these data are no basis for a "
    "diagnosis or for treating one person. Pseudonyms remain personal data: keep them as your ethics approval and data protection officer say.";

std::string package_name(const std::string& study_id) {
    std::string name = "accalmie-";
    for (const char c : study_id) {
        const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        name += (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ? lower : '-';
    }
    return name;
}

std::string now() { return std::format("{:%FT%T}Z", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())); }

std::string descriptor(const records::StudyInfo& info, const std::vector<Table>& tables, const std::string& head) {
    json resources = json::array();
    for (const Table& table : tables) resources.push_back(table.resource());
    const json package = {
        {"profile", "tabular-data-package"},
        {"name", package_name(info.id)},
        {"title", info.title.empty() ? info.id : info.title},
        {"description", std::format("{}{} Exported by Accalmie {}. Ledger head before the export: {}.", info.rehearsal ? "Simulated patients, not people. " : "", intended_use,
                                    ACCALMIE_VERSION, head)},
        {"version", "1"},
        {"created", now()},
        {"keywords", {"craving", "cue exposure", "virtual reality"}},
        {"licenses", json::array({{{"name", "other-closed"}, {"title", "The study's own: as its protocol and its patients' consent allow"}}})},
        {"contributors", json::array({{{"title", info.site.empty() ? "Site not named" : info.site}, {"role", "author"}}})},
        {"resources", resources}};
    return package.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string readme(const records::StudyInfo& info, const std::vector<Table>& tables) {
    std::string text = (info.title.empty() ? info.id : info.title) + "\n" + (info.site.empty() ? "" : info.site + "\n") + "\n";
    text += std::format("{}\n\nTables (UTF-8, RFC 4180, comma, decimal point; an empty cell is a missing value; times in milliseconds of session time):\n", intended_use);
    for (const Table& table : tables) text += std::format("  {:<16} {:>6} rows  {}\n", std::format("{}.csv", table.name()), table.rows(), table.description());
    text += "\ndatapackage.json describes every column (Frictionless data package) and holds the SHA-256 of every table.\n"
            "Leave ratings out of analyses where superseded_by is not empty: they were corrected, and are kept for the record.\n"
            "A text that starts with = + - or @ has an apostrophe before it, so that no spreadsheet runs it.\n"
            "R:  ratings <- read.csv(\"ratings.csv\", na.strings = \"\", fileEncoding = \"UTF-8\")\n\n"
            "En français\n"
            "Données de recherche d'un logiciel à usage supervisé par des cliniciens. Accalmie n'est pas un dispositif médical certifié ; ces données ne\n"
            "fondent ni un diagnostic ni le traitement d'une personne. Un pseudonyme reste une donnée personnelle.\n"
            "Une cellule vide est une valeur manquante ; les temps sont en millisecondes depuis le début de la séance. datapackage.json décrit chaque\n"
            "colonne. Écartez des analyses les cotes dont superseded_by n'est pas vide : elles ont été corrigées. Un texte qui commence par = + - ou @\n"
            "est précédé d'une apostrophe pour qu'aucun tableur ne l'exécute.\n";
    return text;
}

Error folder_error(const std::string& directory, const std::string& why) {
    return {.message = std::format("the export folder {} cannot be written: {}", directory, why), .hint = "check the path, its rights and the room on the disk"};
}

Result<void> require_free(const fs::path& out) {
    std::error_code error;
    if (fs::exists(out, error) && (!fs::is_directory(out, error) || !fs::is_empty(out, error)))
        return std::unexpected(Error{.message = out.string() + " is not empty", .hint = "an export never goes over another: name a new folder"});
    return {};
}

Result<void> write_files(const fs::path& folder, const std::map<std::string, std::string>& files) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return std::unexpected(folder_error(folder.string(), error.message()));
    for (const auto& [name, text] : files) {
        std::ofstream file(folder / name, std::ios::binary | std::ios::trunc);
        file << text;
        file.close();
        if (!file) return std::unexpected(folder_error(folder.string(), name + " was not written whole"));
    }
    return {};
}

}  // namespace

Result<ExportSummary> export_csv(records::Study& study, const std::string& out_directory, const std::string& actor) {
    fs::path out = fs::absolute(fs::path(out_directory)).lexically_normal();
    if (!out.has_filename()) out = out.parent_path();
    if (auto free = require_free(out); !free) return std::unexpected(free.error());
    if (!study.ledger().usable()) return std::unexpected(Error{.message = "every export is recorded, and this study takes no rows now", .hint = "open it for recording"});
    auto tables = tables_of(study);
    if (!tables) return std::unexpected(tables.error());
    auto head = study.ledger().head();
    if (!head) return std::unexpected(head.error());

    std::map<std::string, std::string> files;
    for (const Table& table : *tables) files[std::format("{}.csv", table.name())] = table.csv();
    files["README.txt"] = readme(study.info(), *tables);
    files["datapackage.json"] = descriptor(study.info(), *tables, records::to_hex(*head));

    // Whole files first, then the row, then the name that people see.
    const fs::path partial = out.string() + ".partial";
    std::error_code error;
    fs::remove_all(partial, error);
    ExportSummary summary{.directory = out.string()};
    auto written = write_files(partial, files);
    if (written) {
        if (auto sha = records::file_hash((partial / "datapackage.json").string())) summary.sha = *sha;
        else written = std::unexpected(sha.error());
    }
    if (written) {
        const json payload = {{"files", files.size()}, {"format", "csv"}, {"sha", records::to_hex(summary.sha)}};
        auto row = study.ledger().append({.row_class = records::RowClass::decision, .kind = "export", .payload = payload.dump(), .actor = actor, .role = "clinician"});
        if (!row) written = std::unexpected(row.error());
    }
    if (written) {
        fs::remove(out, error);  // an empty folder may have been there
        fs::rename(partial, out, error);
        if (error) written = std::unexpected(folder_error(out.string(), error.message()));
    }
    if (!written) {
        fs::remove_all(partial, error);
        return std::unexpected(written.error());
    }
    for (const auto& [name, text] : files) summary.files.push_back(name);
    return summary;
}

}  // namespace accalmie::exports
