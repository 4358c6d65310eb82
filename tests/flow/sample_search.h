// SPDX-License-Identifier: Apache-2.0
// Looks for the samples of a known sound in any bytes, as a program might have written them down: binary numbers of several widths and both
// byte orders, decimal and hexadecimal text, base64 at its three offsets.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <format>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flow {

class SampleSearch {
public:
    explicit SampleSearch(std::span<const std::int16_t> samples) {
        const auto some = samples.subspan(4, 20);  // what comes before and after does not matter
        add_numbers("16 bit", some, [](std::int16_t s) { return s; });
        add_numbers("32 bit", some, [](std::int16_t s) { return std::int32_t{s}; });
        add_numbers("32 bit, loud", some, [](std::int16_t s) { return std::int32_t{s} * 65536; });
        add_numbers("float", some, [](std::int16_t s) { return static_cast<float>(s) / 32768.0f; });
        add_numbers("float of whole numbers", some, [](std::int16_t s) { return static_cast<float>(s); });
        add_numbers("double", some, [](std::int16_t s) { return static_cast<double>(s) / 32768.0; });
        for (const char* between : {",", ", ", " ", "\n", ";", "\t"}) {
            std::string text, shares;
            for (const std::int16_t s : some.first(8)) {
                text += (text.empty() ? "" : between) + std::to_string(s);
                shares += (shares.empty() ? "" : between) + std::format("{}", static_cast<float>(s) / 32768.0f);
            }
            patterns_.emplace_back("decimals", text);
            patterns_.emplace_back("decimal shares", shares);
        }
    }
    // How it was written, where it is found.
    std::optional<std::string> find(std::string_view bytes) const {
        for (const auto& [how, pattern] : patterns_)
            if (bytes.contains(pattern)) return how;
        return std::nullopt;
    }

private:
    template <class Number>
    static std::string bytes_of(Number number, bool turned) {
        std::string bytes(sizeof number, '\0');
        std::memcpy(bytes.data(), &number, sizeof number);
        return turned ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
    }
    void add_numbers(const std::string& how, std::span<const std::int16_t> samples, auto&& as) {
        for (const bool turned : {false, true}) {
            std::string bytes;
            for (const std::int16_t sample : samples) bytes += bytes_of(as(sample), turned);
            patterns_.emplace_back(how + (turned ? ", big end first" : ""), bytes);
            std::string lower, upper;
            for (const char byte : bytes) lower += std::format("{:02x}", static_cast<unsigned char>(byte)), upper += std::format("{:02X}", static_cast<unsigned char>(byte));
            patterns_.emplace_back(how + " in hexadecimal", lower);
            patterns_.emplace_back(how + " in hexadecimal", upper);
            for (std::size_t offset = 0; offset < 3; ++offset) patterns_.emplace_back(how + " in base64", base64(std::string_view(bytes).substr(offset, 30)));
        }
    }
    static std::string base64(std::string_view bytes) {  // of whole threes
        static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string text;
        for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
            const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + at])); };
            const std::uint32_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
            for (const int shift : {18, 12, 6, 0}) text += kLetters[three >> shift & 63];
        }
        return text;
    }
    std::vector<std::pair<std::string, std::string>> patterns_;
};

}  // namespace flow
