// SPDX-License-Identifier: Apache-2.0
#include "clinician/exports/table.h"

#include <algorithm>
#include <format>

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace accalmie::exports {

using nlohmann::json;

Table::Table(std::string_view name, std::string_view title, std::string_view description, std::vector<Field> fields, std::vector<std::string_view> primary_key)
    : name_(name), title_(title), description_(description), fields_(std::move(fields)), primary_key_(std::move(primary_key)) {
    for (const Field& field : fields_) put(field.name);
    cells_ = 0;
    csv_ += "\r\n";
}

Table& Table::put(std::string_view text) {
    if (cells_++ > 0) csv_ += ',';
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        csv_ += text;
        return *this;
    }
    csv_ += '"';
    for (const char c : text) {
        if (c == '"') csv_ += '"';
        csv_ += c;
    }
    csv_ += '"';
    return *this;
}

Table& Table::cell(std::string_view text) { return put(text); }
Table& Table::cell(const FreeText& text) {
    return put(!text.text.empty() && std::string_view("=+-@\t\r\n").contains(text.text.front()) ? "'" + text.text : text.text);
}
Table& Table::cell(std::int64_t value) { return put(std::format("{}", value)); }
Table& Table::cell(std::optional<std::int64_t> value) { return put(value ? std::format("{}", *value) : ""); }
Table& Table::cell(std::optional<double> value) { return put(value ? std::format("{}", *value) : ""); }
Table& Table::cell(std::optional<bool> value) { return put(!value ? "" : *value ? "true" : "false"); }

void Table::end_row() {
    whole_ = whole_ && cells_ == fields_.size();
    cells_ = 0;
    ++rows_;
    csv_ += "\r\n";
}

json Table::resource() const {
    json fields = json::array();
    for (const Field& field : fields_) {
        json entry = {{"name", field.name}, {"type", field.type}, {"description", field.description}};
        json constraints = json::object();
        if (field.required) constraints["required"] = true;
        if (!field.values.empty()) constraints["enum"] = field.values;
        if (!constraints.empty()) entry["constraints"] = constraints;
        fields.push_back(std::move(entry));
    }
    json schema = {{"fields", fields}, {"missingValues", {""}}, {"primaryKey", primary_key_}};
    // Tables that are not about sessions (diaries, services, substance checks) have no such column.
    if (name_ != "sessions" && std::ranges::contains(fields_, "session", &Field::name)) schema["foreignKeys"] = json::array({{{"fields", "session"}, {"reference", {{"resource", "sessions"}, {"fields", "session"}}}}});
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(csv_.data()), csv_.size());
    char hex[2 * sizeof hash + 1];
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return {{"name", name_}, {"title", title_}, {"description", description_}, {"path", std::format("{}.csv", name_)}, {"profile", "tabular-data-resource"},
            {"format", "csv"}, {"mediatype", "text/csv"}, {"encoding", "utf-8"}, {"bytes", csv_.size()}, {"hash", std::format("sha256:{}", hex)}, {"schema", schema}};
}

}  // namespace accalmie::exports
