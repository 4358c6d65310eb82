// SPDX-License-Identifier: Apache-2.0
#include "clinician/between/directory/directory_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <utility>

namespace accalmie::between {
namespace {

struct Column {
    std::string_view name;
    bool needed;
};
constexpr std::array<Column, 17> kColumns{{{"nofinesset", true}, {"rs", true}, {"rslongue", false}, {"type", true}, {"numvoie", false}, {"typvoie", false},
                                           {"voie", false}, {"codepostal", true}, {"commune", true}, {"departement", false}, {"telephone", false},
                                           {"latitude", false}, {"longitude", false}, {"age_min", false}, {"age_max", false}, {"products", false},
                                           {"opening", false}}};
constexpr std::size_t kLongestCell = 300, kLongestId = 20, kLongestTelephone = 24;

std::string list_of_types() {
    std::string out;
    for (int i = 0; i < kServiceTypes; ++i) out += std::string(i ? ", " : "") + std::string(name_of(static_cast<ServiceType>(i)));
    return out;
}

std::string list_of_products() {
    std::string out;
    for (const Product& product : products()) out += (out.empty() ? "" : ", ") + std::string(product.code);
    return out;
}

std::optional<double> number_of(std::string text) {
    std::ranges::replace(text, ',', '.');
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

// One line on its way to a service; the first thing wrong with it stays.
class Line {
public:
    Line(const CsvTable& table, const CsvRow& row, const std::array<int, kColumns.size()>& columns) : table_(table), row_(row), columns_(columns) {}

    const std::optional<Error>& problem() const { return problem_; }
    void wrong(std::string message, std::string hint) {
        if (!problem_) problem_ = table_.error_at(row_, std::move(message), std::move(hint));
    }

    std::string text(std::string_view name) {
        const auto at = static_cast<std::size_t>(std::ranges::find(kColumns, name, &Column::name) - kColumns.begin());
        const int column = columns_[at];
        if (column < 0 || static_cast<std::size_t>(column) >= row_.cells.size()) return {};
        const std::string& cell = row_.cells[static_cast<std::size_t>(column)];
        if (cell.size() > kLongestCell) wrong(std::format("'{}' is longer than {} bytes", name, kLongestCell), "shorten it");
        if (std::ranges::any_of(cell, [](char c) { return static_cast<unsigned char>(c) < 0x20; })) wrong(std::format("'{}' holds a line break or a control character", name), "write it on one line");
        if (cell.empty() && kColumns[at].needed) wrong(std::format("'{}' is empty", name), "every service needs one");
        return cell;
    }

    std::optional<double> degrees(std::string_view name, double most) {
        const std::string cell = text(name);
        if (cell.empty()) return std::nullopt;
        const auto value = number_of(cell);
        if (!value || std::abs(*value) > most) {
            wrong(std::format("'{}' is not a {}", cell, name), std::format("decimal degrees from -{0} to {0}, or leave latitude and longitude empty", most));
            return std::nullopt;
        }
        return value;
    }

    std::optional<int> years(std::string_view name) {
        const std::string cell = text(name);
        if (cell.empty()) return std::nullopt;
        int value = -1;
        const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (fault != std::errc() || end != cell.data() + cell.size() || value < 0 || value > 120) {
            wrong(std::format("'{}' is not an age ({})", cell, name), "whole years from 0 to 120, or empty where there is no limit");
            return std::nullopt;
        }
        return value;
    }

private:
    const CsvTable& table_;
    const CsvRow& row_;
    const std::array<int, kColumns.size()>& columns_;
    std::optional<Error> problem_;
};

std::vector<std::string> products_of(Line& line) {
    std::vector<std::string> codes;
    const std::string cell = line.text("products");
    for (std::size_t from = 0; from <= cell.size();) {
        const std::size_t end = std::min(cell.find_first_of("|,;", from), cell.size());
        std::string word = cell.substr(from, end - from);
        word.erase(0, std::min(word.find_first_not_of(' '), word.size()));
        word.erase(word.find_last_not_of(' ') + 1);
        from = end + 1;
        if (word.empty()) continue;
        if (const auto code = product_code(word)) codes.emplace_back(*code);
        else line.wrong(std::format("'{}' is not a product this directory knows", word), list_of_products());
    }
    std::ranges::sort(codes);
    codes.erase(std::ranges::unique(codes).begin(), codes.end());
    return codes;
}

std::string street_of(Line& line) {
    std::string street;
    for (const std::string_view part : {"numvoie", "typvoie", "voie"})
        if (const std::string cell = line.text(part); !cell.empty()) street += (street.empty() ? "" : " ") + cell;
    return street;
}

Service read_service(Line& line) {
    Service service;
    service.id = line.text("nofinesset");
    const auto plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'; };
    if (service.id.size() > kLongestId || !std::ranges::all_of(service.id, plain))
        line.wrong(std::format("'{}' is not a service number", service.id), "up to 20 letters, digits and hyphens, such as the nine of FINESS");
    service.name = line.text("rs");
    service.long_name = line.text("rslongue");
    const std::string type = line.text("type");
    if (const auto known = service_type(type)) service.type = *known;
    else line.wrong(std::format("'{}' is not a type of service", type), list_of_types());
    service.street = street_of(line);
    service.postcode = line.text("codepostal");
    service.town = line.text("commune");
    service.department = line.text("departement");
    service.telephone = line.text("telephone");
    if (service.telephone.size() > kLongestTelephone || service.telephone.find_first_not_of("0123456789 +.()-") != std::string::npos)
        line.wrong(std::format("'{}' is not a telephone number", service.telephone), "digits and spaces, such as 01 99 00 12 34");
    service.latitude_deg = line.degrees("latitude", 90);
    service.longitude_deg = line.degrees("longitude", 180);
    if (service.latitude_deg.has_value() != service.longitude_deg.has_value()) line.wrong("only one of latitude and longitude is given", "give both, or leave both empty");
    service.age_min = line.years("age_min");
    service.age_max = line.years("age_max");
    if (service.age_min && service.age_max && *service.age_min > *service.age_max)
        line.wrong(std::format("the youngest age {} is above the oldest {}", *service.age_min, *service.age_max), "exchange age_min and age_max");
    service.products = products_of(line);
    service.opening = line.text("opening");
    return service;
}

}  // namespace

Result<ColumnNames> parse_column_names(const std::vector<std::string>& assignments) {
    ColumnNames names;
    for (const std::string& each : assignments) {
        const auto equals = each.find('=');
        const std::string ours = each.substr(0, equals);
        if (equals == std::string::npos || equals + 1 == each.size() || !std::ranges::contains(kColumns, ours, &Column::name)) {
            std::string known;
            for (const Column& column : kColumns) known += (known.empty() ? "" : ", ") + std::string(column.name);
            return std::unexpected(Error{std::format("--map '{}' does not map a column", each), "write ours=theirs, ours one of " + known});
        }
        names[ours] = each.substr(equals + 1);
    }
    return names;
}

Result<DirectoryFile> read_directory_file(const CsvTable& table, const ColumnNames& names) {
    std::array<int, kColumns.size()> columns{};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const auto mapped = names.find(kColumns[i].name);
        const std::string wanted = mapped == names.end() ? std::string(kColumns[i].name) : mapped->second;
        columns[i] = table.column(wanted);
        if (columns[i] < 0 && (kColumns[i].needed || mapped != names.end()))
            return std::unexpected(Error{std::format("there is no column '{}'", wanted), std::format("say which column it is with --map {}=NAME", kColumns[i].name), table.file, 1});
    }
    DirectoryFile file;
    std::map<std::string, int> seen;
    for (const CsvRow& row : table.rows) {
        Line line(table, row, columns);
        Service service = read_service(line);
        if (const auto first = seen.find(service.id); first != seen.end())
            line.wrong(std::format("service {} is listed on line {} already", service.id, first->second), "keep one of the two lines");
        if (line.problem()) {
            file.problems.push_back(*line.problem());
            continue;
        }
        seen.emplace(service.id, row.line);
        file.services.push_back(std::move(service));
    }
    return file;
}

}  // namespace accalmie::between
