/// `gatehouse init`: makes what a host needs for Gatehouse, gatehouse(8).
///
/// First it looks around (look_around.cpp), asks what it cannot find out, and changes nothing. Then
/// it works out the steps that are left to do (work.cpp), shows them, and does them one by one. A
/// step is whole or not done at all: files are written beside and renamed, and a statement of SQL
/// may be run again. So a run that broke off is mended by the next, and a second run has nothing to
/// do. Only the lines in nginx's site are taken back by the run itself (site_change.cpp): they
/// might leave a place open that was meant to be closed.
#pragma once

#include <iosfwd>

#include "cli/init/console.h"
#include "cli/init/options.h"
#include "cli/programs.h"

namespace gatehouse::cli::init {

/// Runs the verb. Returns kOk; kProblems, with the reason and its remedy on `err`, if something
/// fails or was interrupted; kUsageError if an option is wrong.
int run(const Options& options, Console& console, Programs& programs, std::ostream& err);

/// The verb as the command line has it: `run` at the terminal, or the key file alone where nothing
/// else is asked for.
int init_host(const Options& options, std::ostream& out, std::ostream& err);

}  // namespace gatehouse::cli::init
