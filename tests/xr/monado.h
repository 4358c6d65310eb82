// SPDX-License-Identifier: Apache-2.0
// Owns: a test's headset: the real Monado service in a private folder, the environment that leads to it, our API layer's socket and the
// core validation layer's file. Never: shared between test cases. Thread: the test's.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/xr/layer_client.h"
#include "engine/xr/monado_service.h"

namespace accalmie::test {

// Environment variables of this process, put back at the end.
class ScopedEnvironment {
public:
    ScopedEnvironment() = default;
    ScopedEnvironment(const ScopedEnvironment&) = delete;
    ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;
    ~ScopedEnvironment() {
        for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
            if (change->before) setenv(change->name.c_str(), change->before->c_str(), 1);
            else unsetenv(change->name.c_str());
        }
    }
    void set(const std::string& name, const std::string& value) {
        const char* before = std::getenv(name.c_str());
        changes_.push_back({name, before != nullptr ? std::optional<std::string>(before) : std::nullopt});
        setenv(name.c_str(), value.c_str(), 1);
    }

private:
    struct Change {
        std::string name;
        std::optional<std::string> before;
    };
    std::vector<Change> changes_;
};

class ScratchFolder {
public:
    ScratchFolder() {
        std::string pattern = "/tmp/accalmie-test-XXXXXX";
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

inline std::string read_text(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// build/PRESET/lib, beside build/PRESET/bin where this program is.
inline std::string layer_folder() {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib").string();
}

inline constexpr const char* kCoreValidation = "XR_APILAYER_LUNARG_core_validation";

struct MonadoSetup {
    bool validation = true;
    bool hands = true;                    // our API layer, between validation and the runtime
    bool hands_above_validation = false;  // then validation sees the calls of our layer too
    xr::MonadoService::Options service;
};

class Monado {
public:
    explicit Monado(const MonadoSetup& setup = {}) {
        auto started = xr::MonadoService::start(setup.service);
        if (!started) FAIL(describe(started.error()));
        service_.emplace(std::move(*started));
        for (const auto& [name, value] : service_->environment()) environment_.set(name, value);
        environment_.set("XR_CORE_VALIDATION_EXPORT_TYPE", "text");
        environment_.set("XR_CORE_VALIDATION_FILE_NAME", scratch_.file("validation.txt"));
        environment_.set("XR_API_LAYER_PATH", "");
        environment_.set("XR_ENABLE_API_LAYERS", setup.validation ? kCoreValidation : "");
        if (!setup.hands) return;
        auto listening = xr::LayerClient::listen(scratch_.file("layer"));
        if (!listening) FAIL(describe(listening.error()));
        hands_.emplace(std::move(*listening));
        for (const auto& [name, value] : hands_->environment(layer_folder())) environment_.set(name, value);
        if (setup.hands_above_validation)
            environment_.set("XR_ENABLE_API_LAYERS", std::string(xr::layer::kLayerName) + ":" + kCoreValidation);
    }

    // Every test's headset ends with both validation layers silent, unless it said that it provokes them.
    ~Monado() {
        if (expects_silence_ && std::uncaught_exceptions() == 0) CHECK(spoken().text == "");
    }
    Monado(const Monado&) = delete;
    Monado& operator=(const Monado&) = delete;
    void expect_complaints() { expects_silence_ = false; }

    xr::MonadoService& service() { return *service_; }
    xr::LayerClient& hands() { return *hands_; }  // of our API layer
    // What the core validation layer had to say, its own beginnings and ends left out: empty when all was well.
    // It must have been there to say it.
    std::string complaints() const {
        const Spoken said = spoken();
        REQUIRE(said.was_there);
        return said.text;
    }

private:
    struct Spoken {
        std::string text;
        bool was_there = false;
    };
    Spoken spoken() const {
        std::istringstream text(read_text(scratch_.file("validation.txt")));
        Spoken said;
        for (std::string line; std::getline(text, line);) {
            const bool begins = line.contains("VUID-CoreValidation-Initialize"), ends = line.contains("VUID-CoreValidation-Destroy");
            said.was_there |= begins;
            if (!begins && !ends && !line.empty()) said.text += line + "\n";
        }
        return said;
    }
    bool expects_silence_ = true;
    ScratchFolder scratch_;
    ScopedEnvironment environment_;
    std::optional<xr::MonadoService> service_;
    std::optional<xr::LayerClient> hands_;
};

}  // namespace accalmie::test
