/// The words of `gatehouse init` and `gatehouse tables` on the command line.
#pragma once

#include <functional>

#include "cli/init/options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace gatehouse::cli::init {

/// Adds the verb to the command line. When it is there, `verb` becomes what runs it. `options` must
/// outlive both.
void add_verb(CLI::App& app, Options& options, std::function<int()>& verb);
/// Likewise the verb `tables`, which needs some of these options; `json` must live as long.
void add_tables_verb(CLI::App& app, Options& options, bool& json, std::function<int()>& verb);

}  // namespace gatehouse::cli::init
